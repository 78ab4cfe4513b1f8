using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>A run that may cost no more than an amount, around calls, loops, retries and agents.</summary>
public sealed class CappedRunTests : IAsyncLifetime
{
    private static readonly Money Cap = Money.FromDollars(0.02m);

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(10));
        await _guarded.SetBudgetAsync(Money.FromDollars(10), agent: "planner");
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task LoopThatNeverEnds_StopsAtTheCapOfItsRun(string api, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("search", """{"query":"more"}""");
        var chat = _guarded.Leaf(api).AsBuilder()
            .UseFunctionInvocation(configure: loop => loop.MaximumIterationsPerRequest = int.MaxValue)
            .UseSpendGuard("a", _guarded.Engine, api == "responses" ? Guarded.WithoutStoring : null).Build();
        using var run = _guarded.Engine.BeginRun("a", Cap, "nightly");
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            () => chat.AskAsync("find x", stream, new ChatOptions { Tools = [Search], MaxOutputTokens = 200 }));

        Assert.Equal("nightly", refusal.Run?.Value);
        await AssertWithinAsync(run, atLeast: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentsInParallel_OverOneClient_StayWithinOneCapTogether(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("search", """{"query":"more"}""");
        using var run = _guarded.Engine.BeginRun("a", Cap);
        var agents = Enumerable.Range(0, 4).Select(_ => Agent()).ToList();
        await Task.WhenAll(agents.Select(agent => Task.Run(
            async () => await Assert.ThrowsAsync<InsufficientBudgetException>(() => RunAsync(agent, stream)))));

        await AssertWithinAsync(run, atLeast: 4);
    }

    [Fact]
    public async Task AgentAsATool_CountsForTheRunOfTheOuterOne()
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("helper", """{"query":"x"}""");
        using var run = _guarded.Engine.BeginRun("a", Money.FromDollars(1));
        await RunAsync(Agent(Agent("helper").AsAIFunction()), stream: false);

        await AssertWithinAsync(run, atLeast: 3);
    }

    [Fact]
    public async Task Run_IsOfAnAgent_AndEachOfItsCallsSaysSoInTheLedger()
    {
        using (_guarded.Engine.BeginRun("planner", Cap, "nightly"))
        {
            await _guarded.Chat(agent: "a").GetResponseAsync("hello", Capped);
        }

        var end = await _guarded.EndAsync();
        Assert.Equal(("planner", "nightly"), (end.Agent!.Value.Value, end.Run?.Value));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_CountsForTheRunInWhichItWasAskedFor(bool forAgent)
    {
        var chat = forAgent ? _guarded.Chat().ForAgent("planner") : _guarded.Chat();
        SpendGuardRun asked;
        IAsyncEnumerable<ChatResponseUpdate> stream;
        using (asked = _guarded.Engine.BeginRun("a", Cap))
        {
            stream = chat.GetStreamingResponseAsync("hello", Capped);
        }

        using var other = _guarded.Engine.BeginRun("a", Cap);
        Assert.NotEmpty(await stream.ToListAsync());

        Assert.Equal(Money.Zero, other.Budget.Spent);
        await AssertWithinAsync(asked, atLeast: 1);
    }

    [Fact]
    public async Task StreamThatWasAskedForOutside_CountsForNoRun()
    {
        var stream = _guarded.Chat().GetStreamingResponseAsync("hello", Capped);
        using var run = _guarded.Engine.BeginRun("a", Cap);
        Assert.NotEmpty(await stream.ToListAsync());

        Assert.Equal(Money.Zero, run.Budget.Spent);
    }

    [Fact]
    public async Task FurtherAttempts_AreHeldInTheRunToo_AndTheOneThatDoesNotFitIsNotSent()
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = 500 };
        var chat = _guarded.Guard(_guarded.Completions(retries: 8));
        using var run = _guarded.Engine.BeginRun("a", Cap);
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            () => chat.GetResponseAsync("hello", new ChatOptions { MaxOutputTokens = 600 }));

        Assert.Equal(run.Id, refusal.Run);
        Assert.InRange(_guarded.Provider.Calls.Count, 2, 7);
        Assert.Equal(run.Budget.Spent, (await _guarded.BudgetAsync()).Spent);
        Assert.InRange(run.Budget.Spent.Microcents, 1, Cap.Microcents);
        Assert.Equal(Money.Zero, run.Budget.Held);
    }

    [Fact]
    public async Task Embeddings_CountForTheRun()
    {
        var generator = _guarded.Embeddings().AsBuilder().UseSpendGuard("a", _guarded.Engine).Build();
        using var run = _guarded.Engine.BeginRun("a", Cap);
        await generator.GenerateAsync(["hello"]);

        await AssertWithinAsync(run, atLeast: 1);
        using var nothing = _guarded.Engine.BeginRun("a", Money.Zero);
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => generator.GenerateAsync(["hello"]));
        Assert.Equal(nothing.Id, refusal.Run);
    }

    private static ChatOptions Capped => new() { MaxOutputTokens = 100 };

    private static AITool Search => AIFunctionFactory.Create((string query) => $"Nothing on {query}.", "search");

    private ChatClientAgent Agent(params AITool[] tools) => Agent("planner", [Search, .. tools]);

    private ChatClientAgent Agent(string name, params AITool[] tools) => _guarded.Chat().AsAIAgent(new ChatClientAgentOptions
    {
        Name = name,
        ChatOptions = new ChatOptions { Tools = tools, MaxOutputTokens = 100 },
    });

    /// <summary>Asserts that the run has cost what the provider billed, and no more than its cap.</summary>
    private async Task AssertWithinAsync(SpendGuardRun run, int atLeast)
    {
        await _guarded.AssertPaidAsBilledAsync();
        Assert.InRange(_guarded.Provider.Calls.Count, atLeast, 1_000);
        Assert.Equal((_guarded.Provider.Bill.TotalMicrocents, 0), (run.Budget.Spent.Microcents, run.Budget.Held.Microcents));
        Assert.InRange(run.Budget.Spent.Microcents, 1, run.MaxCost.Microcents);
    }

    private static async Task RunAsync(AIAgent agent, bool stream)
    {
        if (!stream)
        {
            await agent.RunAsync("find x");
            return;
        }

        await foreach (var update in agent.RunStreamingAsync("find x"))
        {
            Assert.NotNull(update);
        }
    }
}
