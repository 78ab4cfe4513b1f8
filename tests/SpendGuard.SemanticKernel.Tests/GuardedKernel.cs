#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.ComponentModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using OpenAI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>A provider that keeps its own bill, an engine with a store, and kernels between them.</summary>
internal sealed class GuardedKernel : IAsyncDisposable
{
    public const string Model = "gpt-4o";

    private readonly WatchedStore _store;

    private GuardedKernel(SimulatedProvider provider, WatchedStore store)
    {
        _store = store;
        Provider = provider;
        Engine = new SpendGuardEngine(store, new Prices(MirroredPrices.Book()));
        OpenAI = new OpenAIClient(new ApiKeyCredential("test-key"), new OpenAIClientOptions
        {
            Endpoint = provider.OpenAIEndpoint,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
        provider.OnArrival = async _ => HeldOnArrival.Add((await BudgetAsync()).Held);
    }

    public SimulatedProvider Provider { get; }

    public SpendGuardEngine Engine { get; }

    public OpenAIClient OpenAI { get; }

    /// <summary>What was held as each call arrived at the provider.</summary>
    public List<Money> HeldOnArrival { get; } = [];

    public static async Task<GuardedKernel> StartAsync(Money? budget = null)
    {
        var guarded = new GuardedKernel(await SimulatedProvider.StartAsync(), new WatchedStore(new InMemoryBudgetStore()));
        await guarded.Engine.SetBudgetAsync("a", budget ?? Money.FromDollars(1));
        return guarded;
    }

    /// <summary>A kernel with one kind of service, guarded.</summary>
    public Kernel Build(string service, Action<SpendGuardKernelOptions>? configure = null)
    {
        var builder = Kernel.CreateBuilder();
        Add(builder, service);
        builder.Plugins.AddFromFunctions("library", [KernelFunctionFactory.CreateFromMethod(Search)]);
        return builder.AddSpendGuard("a", Engine, configure).Build();
    }

    /// <summary>A kernel with OpenAI's responses, guarded.</summary>
    public Kernel BuildWithResponses()
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton(OpenAI.GetResponsesClient().AsIChatClient(Model).AsBuilder().UseKernelFunctionInvocation().Build());
        builder.Plugins.AddFromFunctions("library", [KernelFunctionFactory.CreateFromMethod(Search)]);
        return builder.AddSpendGuard("a", Engine).Build();
    }

    public void Add(IKernelBuilder builder, string service, string? key = null, string model = Model)
    {
        switch (service)
        {
            case Service.ChatClient:
                builder.Services.AddOpenAIChatClient(model, OpenAI, key);
                break;
            case Service.ChatCompletion:
                var client = OpenAI.GetChatClient(model).AsIChatClient().AsBuilder().UseKernelFunctionInvocation().Build();
                builder.Services.AddKeyedSingleton(key, client.AsChatCompletionService());
                break;
            case Service.Connector:
                builder.Services.AddOpenAIChatCompletion(model, OpenAI, key);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(service), service, "There is no such service.");
        }
    }

    public async Task<Budget> BudgetAsync() =>
        await _store.FindBudgetAsync("a", CancellationToken.None) ?? throw new InvalidOperationException("There is no budget.");

    public Task<IReadOnlyList<LedgerEntry>> LedgerAsync() => _store.UntilAsync(_ => true);

    /// <summary>Asserts that each call was capped and held for before it arrived, and that the budget lost what the provider billed.</summary>
    public async Task AssertMeteredAsync(int calls)
    {
        await AssertHeldAndBilledAsync(calls);
        Assert.All(Provider.Calls, call => Assert.NotNull(call.MaxOutputTokens));
    }

    /// <summary>Asserts that each call was held for before it arrived, and that the budget lost what the provider billed.</summary>
    public async Task AssertHeldAndBilledAsync(int calls)
    {
        await Provider.WhenIdleAsync();
        Assert.Empty(Provider.Failures);
        Assert.Equal(calls, Provider.Calls.Count);
        Assert.All(HeldOnArrival, held => Assert.True(held > Money.Zero));
        var ledger = await LedgerAsync();
        Assert.DoesNotContain(ledger, entry => entry.Kind == LedgerEntryKind.Forfeited);
        Assert.All(ledger.Where(entry => entry.Reservation is not null).GroupBy(entry => entry.Reservation), AssertHeldEnough);
        var budget = await BudgetAsync();
        Assert.Equal(Money.Zero, budget.Held);
        Assert.Equal(Provider.Bill.TotalMicrocents, budget.Spent.Microcents);
    }

    /// <summary>Asserts that the provider saw nothing, and that nothing was ever held.</summary>
    public async Task AssertNothingHappenedAsync()
    {
        Assert.Empty(Provider.Calls);
        Assert.DoesNotContain(await LedgerAsync(), entry => entry.Kind != LedgerEntryKind.BudgetSet);
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Engine.DisposeAsync();
        await _store.CloseAsync();
    }

    private static void AssertHeldEnough(IEnumerable<LedgerEntry> call) =>
        Assert.True(call.First().Amount >= call.Last().Amount, "The provider billed more than was held.");

    [KernelFunction("search")]
    [Description("Searches the library.")]
    private static string Search([Description("What for.")] string query) => $"Nothing on {query}.";
}

/// <summary>The kinds of service that a kernel may have for a model.</summary>
internal static class Service
{
    public const string ChatClient = "chat client";
    public const string ChatCompletion = "chat completion service";
    public const string Connector = "native connector";

    /// <summary>What a service calls the function of a plug-in to the model, with a guard as without.</summary>
    public static string ToolName(string service, string plugin, string function) => plugin + (service == Connector ? "-" : "_") + function;
}
