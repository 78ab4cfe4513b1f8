using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Functions with a price reserve and settle it like a model call, and those with a limit are not run beyond it.</summary>
public sealed class ToolBudgetTests : IAsyncLifetime
{
    private static readonly Money Price = Money.FromCents(1);

    private static readonly PromptExecutionSettings WithTools = new()
    {
        FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(),
        ExtensionData = new Dictionary<string, object>(StringComparer.Ordinal) { ["max_tokens"] = 100 },
    };

    private GuardedKernel _guarded = null!;
    private int _runs;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Fact]
    public async Task Function_HasAPrice_IsHeldWhileItRunsAndSettledAfter()
    {
        var held = Money.Zero;
        var kernel = Build(async () => held = (await _guarded.BudgetAsync()).Held);
        await kernel.InvokeAsync("paid", "search");

        Assert.Equal(Price, held);
        var budget = await _guarded.BudgetAsync();
        Assert.Equal((Price, Money.Zero), (budget.Spent, budget.Held));
        var settled = (await _guarded.LedgerAsync())[^1];
        Assert.Equal(
            (LedgerEntryKind.Settled, "tool:paid-search", "paid-search"), (settled.Kind, settled.Model, settled.Function));
    }

    [Fact]
    public async Task Function_Fails_IsForfeited()
    {
        var kernel = Build(() => throw new InvalidOperationException("The search is down."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => kernel.InvokeAsync("paid", "search"));

        Assert.Equal(Price, (await _guarded.BudgetAsync()).Spent);
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.LedgerAsync())[^1].Kind);
    }

    [Fact]
    public async Task Price_DoesNotFit_FunctionIsNotRun()
    {
        await _guarded.Engine.SetBudgetAsync("a", Money.FromMicrocents(999_999));
        var kernel = Build();
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => kernel.InvokeAsync("paid", "search"));

        Assert.Equal(Price, refusal.Required);
        Assert.Equal(0, _runs);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Loop_PriceOfItsFunctionNoLongerFits_EndsAndSaysSo(string service, bool stream)
    {
        await _guarded.Engine.SetBudgetAsync("a", Money.FromCents(5));
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("paid_search", "{}");
        var said = await Build(service: service).PromptAsync("find x", WithTools, stream);

        var budget = await _guarded.BudgetAsync();
        Assert.Equal(4, _runs);
        Assert.Contains($"agent 'a' has {budget.Remaining} left of $0.05, and the call needs at least $0.01", said, StringComparison.Ordinal);
        Assert.Equal(5, _guarded.Provider.Calls.Count);
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents + (4 * Price.Microcents), budget.Spent.Microcents);
        Assert.Equal(Money.Zero, budget.Held);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Loop_FunctionWasCalledAsOftenAsItMay_EndsAndSaysSo(string service, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("paid_search", "{}");
        var said = await Build(service: service, maxCalls: 3).PromptAsync("find x", WithTools, stream);

        Assert.Equal(3, _runs);
        Assert.Contains("'paid-search' has been called 3 times", said, StringComparison.Ordinal);
        Assert.Contains($"{(await _guarded.BudgetAsync()).Remaining} left of $1.00", said, StringComparison.Ordinal);
        Assert.Equal(4, _guarded.Provider.Calls.Count);
    }

    [Fact]
    public async Task Limit_IsOfEachKernel_AndOfEachFunction()
    {
        var kernel = Build(maxCalls: 1);
        await kernel.InvokeAsync("paid", "search");
        await kernel.InvokeAsync("library", "search", new KernelArguments { ["query"] = "x" });

        var refusal = await Assert.ThrowsAsync<CallLimitException>(() => kernel.InvokeAsync("paid", "search"));
        Assert.Equal(("paid-search", 1), (refusal.Tool, refusal.Limit));
        await kernel.Clone().InvokeAsync("paid", "search");
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task FilterInsideOfTheGuard_CannotRunAFunctionTwiceForOnePrice()
    {
        var kernel = Build();
        kernel.FunctionInvocationFilters.Add(new RunsTwice());

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => kernel.InvokeAsync("paid", "search"));

        Assert.Contains("Register the filter before AddSpendGuard", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _runs);
        Assert.Equal(Money.Zero, (await _guarded.BudgetAsync()).Spent);

        // Outside of the guard each run is a call of its own.
        var (outside, price) = (Build(), Price);
        outside.FunctionInvocationFilters.Insert(0, new RunsTwice());
        await outside.InvokeAsync("paid", "search");
        Assert.Equal((2, price + price), (_runs, (await _guarded.BudgetAsync()).Spent));
    }

    [Fact]
    public async Task Stream_IsChargedWhenItIsRead_AndOnce()
    {
        var kernel = Build();
        kernel.Plugins.AddFromFunctions("tape", [KernelFunctionFactory.CreateFromMethod(Play, "play")]);
        var untouched = kernel.InvokeStreamingAsync<string>("tape", "play");
        Assert.Equal(Money.Zero, (await _guarded.BudgetAsync()).Spent);

        Assert.Equal(["la", "la"], await untouched.ToListAsync());
        Assert.Equal(Price, (await _guarded.BudgetAsync()).Spent);

        await foreach (var sound in kernel.InvokeStreamingAsync<string>("tape", "play"))
        {
            Assert.Equal("la", sound);
            break;
        }

        Assert.Equal(Price + Price, (await _guarded.BudgetAsync()).Spent);
        Assert.Equal(Money.Zero, (await _guarded.BudgetAsync()).Held);
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.LedgerAsync())[^1].Kind);

        static async IAsyncEnumerable<string> Play()
        {
            yield return "la";
            await Task.Yield();
            yield return "la";
        }
    }

    [Fact]
    public async Task StreamingFunction_ThatFailsWhenItIsLeft_IsForfeited()
    {
        var kernel = Build();
        kernel.Plugins.AddFromFunctions("tape", [KernelFunctionFactory.CreateFromMethod(Play, "play")]);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var sound in kernel.InvokeStreamingAsync<string>("tape", "play"))
            {
                break;
            }
        });

        Assert.Equal(Price, (await _guarded.BudgetAsync()).Spent);
        Assert.Equal(Money.Zero, (await _guarded.BudgetAsync()).Held);

        static IAsyncEnumerable<string> Play() => new TornTape();
    }

    [Theory]
    [InlineData(Service.ChatClient, false)]
    [InlineData(Service.ChatClient, true)]
    [InlineData(Service.Connector, false)]
    [InlineData(Service.Connector, true)]
    public async Task Function_IsAToolOfPlainOptions_IsRefusedBeforeAnythingIsSent(string service, bool stream)
    {
        var kernel = Build(service: service);
        var client = service == Service.ChatClient
            ? kernel.GetRequiredService<IChatClient>()
            : (IChatClient)kernel.GetRequiredService<Microsoft.SemanticKernel.ChatCompletion.IChatCompletionService>();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => client.SayAsync("find x", stream, new ChatOptions { Tools = [.. kernel.Plugins["paid"]] }));

        Assert.Contains("'paid-search' has a tool budget", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Function_IsAToolBehindAnother_IsRefusedAllTheSame()
    {
        var kernel = Build();
        var options = new ChatOptions { Tools = [new ApprovalRequiredAIFunction((AIFunction)kernel.Plugins["paid"]["search"])] };

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => kernel.GetRequiredService<IChatClient>().SayAsync("find x", stream: false, options));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task FunctionInvocation_IsNotTheKernels_IsRefusedBeforeAnythingIsSent()
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton(
            _guarded.OpenAI.GetChatClient(GuardedKernel.Model).AsIChatClient().AsBuilder().UseFunctionInvocation().Build());
        var kernel = Build(builder);

        await Assert.ThrowsAsync<InvalidOperationException>(() => kernel.PromptAsync("find x", WithTools, stream: false));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public void Budget_IsMalformed_Throws()
    {
        var options = new SpendGuardKernelOptions().AddToolBudget("paid", "search", Price);

        Assert.Throws<ArgumentException>(() => options.AddToolBudget("Paid", "Search", maxCalls: 1));
        Assert.Throws<ArgumentException>(() => options.AddToolBudget("paid", ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.AddToolBudget("paid", "other", Money.FromMicrocents(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.AddToolBudget("paid", "other", maxCalls: -1));
    }

    private Kernel Build(Func<Task>? run = null, int? maxCalls = null, string service = Service.ChatClient)
    {
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, service);
        return Build(builder, run, maxCalls);
    }

    private Kernel Build(IKernelBuilder builder, Func<Task>? run = null, int? maxCalls = null)
    {
        var search = KernelFunctionFactory.CreateFromMethod(
            async () =>
            {
                _runs++;
                await (run?.Invoke() ?? Task.CompletedTask);
                return "Nothing.";
            },
            "search");
        builder.Plugins.AddFromFunctions("paid", [search]);
        builder.Plugins.AddFromFunctions("library", [KernelFunctionFactory.CreateFromMethod((string query) => query, "search")]);
        return builder.AddSpendGuard("a", _guarded.Engine, options => options
            .AddToolBudget("paid", "search", Price, maxCalls)
            .AddToolBudget("tape", "play", Price)).Build();
    }

    /// <summary>A result that goes on for ever, and fails when it is left.</summary>
    private sealed class TornTape : IAsyncEnumerable<string>, IAsyncEnumerator<string>
    {
        public string Current => "la";

        public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => ValueTask.FromResult(true);

        public ValueTask DisposeAsync() => ValueTask.FromException(new IOException("The tape has come off."));
    }

    private sealed class RunsTwice : IFunctionInvocationFilter
    {
        public async Task OnFunctionInvocationAsync(
            Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
        {
            await next(context);
            await next(context);
        }
    }
}
