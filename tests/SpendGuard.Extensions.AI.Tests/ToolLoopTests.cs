using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>Each model call of a loop is metered on its own, and a refusal anywhere in it ends the loop.</summary>
public sealed class ToolLoopTests : IAsyncLifetime
{
    private readonly ChatOptions _withSearch = new()
    {
        Tools = [AIFunctionFactory.Create((string query) => $"Nothing on {query}.", "search")],
        MaxOutputTokens = 1_000,
    };

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        _guarded.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("messages", false)]
    [InlineData("messages", true)]
    public async Task Loop_TwoModelCalls_AreEachHeldBeforeTheyArriveAndChargedAsBilled(string api, bool stream)
    {
        var held = new List<(int Reserved, long Held)>();
        _guarded.Provider.OnArrival = async _ =>
        {
            var budget = await _guarded.BudgetAsync();
            var reserved = (await _guarded.LedgerAsync()).Count(entry => entry.Kind == LedgerEntryKind.Reserved);
            held.Add((reserved, budget.Held.Microcents));
        };
        var agent = Loop(_guarded.Leaf(api));
        var response = await agent.AskAsync("find x", stream, _withSearch);

        Assert.StartsWith("Done.", response.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Equal([1, 2], held.Select(at => at.Reserved));
        Assert.All(held, at => Assert.True(at.Held > 0));
        Assert.Equal(2, (await _guarded.LedgerAsync()).Count(entry => entry.Kind == LedgerEntryKind.Settled));
        Assert.Equal(2, _guarded.Provider.Bill.BilledCalls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loop_ResponsesThatAreStored_SendsTheWholeConversationUnlessThatIsAllowed(bool stream)
    {
        var stored = new List<bool>();
        _guarded.Provider.OnArrival = request =>
        {
            stored.Add(request.Body.ContainsKey("previous_response_id"));
            return Task.CompletedTask;
        };
        var answer = await Loop(_guarded.Responses()).AskAsync("find x", stream, _withSearch);
        Assert.StartsWith("Done.", answer.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Null(answer.ConversationId);
        await _guarded.AssertPaidAsBilledAsync();

        answer = await Loop(_guarded.Responses(), configure: client => client.AllowedFeatures.Add("ConversationId"))
            .AskAsync("find x", stream, _withSearch);
        Assert.NotNull(answer.ConversationId);
        Assert.Equal([false, false, false, true], stored);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loop_ResponsesThatAreNotStored_AreEachCharged(bool stream)
    {
        await Loop(_guarded.Responses(), configure: Guarded.WithoutStoring).AskAsync("find x", stream, _withSearch);

        Assert.Equal(2, _guarded.Provider.Bill.BilledCalls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loop_BudgetRunsOutInside_RefusalReachesTheCaller(bool stream)
    {
        // The budget pays for one call's input and its least output, and what the first call costs leaves too little for the second.
        await _guarded.SetBudgetAsync(Money.FromMicrocents(100_000), agent: "poor");
        var agent = Loop(_guarded.Completions(), "poor");
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => agent.AskAsync("find x", stream, _withSearch));

        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loop_NeverEnds_StopsWithTheBudget(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("search", """{"query":"x"}""");
        await _guarded.SetBudgetAsync(Money.FromCents(1), agent: "poor");
        var agent = _guarded.Completions().AsBuilder()
            .UseFunctionInvocation(configure: loop => loop.MaximumIterationsPerRequest = 10_000)
            .UseSpendGuard("poor", _guarded.Engine).Build();
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => agent.AskAsync("find x", stream, _withSearch));

        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 500_000, 1_000_000);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NestedAgent_IsRefused_EndsTheOuterLoop(bool stream)
    {
        await _guarded.SetBudgetAsync(Money.Zero, agent: "inner");
        var inner = _guarded.Chat(agent: "inner");
        var tool = AIFunctionFactory.Create(async (string query) => (await inner.GetResponseAsync(query)).Text, "search");
        var outer = Loop(_guarded.Completions());
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            () => outer.AskAsync("find x", stream, new ChatOptions { Tools = [tool] }));

        Assert.Equal("inner", refusal.Agent.Value);
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task NestedAgent_IsToppedUp_TheSameConversationGoesOn()
    {
        await _guarded.SetBudgetAsync(Money.Zero, agent: "inner");
        var inner = _guarded.Chat(agent: "inner");
        var tool = AIFunctionFactory.Create(async (string query) => (await inner.GetResponseAsync(query)).Text, "search");
        var options = new ChatOptions { Tools = [tool] };
        var outer = Loop(_guarded.Completions());
        var refused = new FunctionResultContent("call_1", "Error: Function failed.")
        {
            Exception = await Assert.ThrowsAsync<InsufficientBudgetException>(() => inner.GetResponseAsync("x")),
        };
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = "x" };
        List<ChatMessage> history =
        [
            new(ChatRole.User, "find x"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "search", arguments)]),
            new(ChatRole.Tool, [refused]),
        ];
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => outer.GetResponseAsync(history, options));
        Assert.Empty(_guarded.Provider.Calls);

        await _guarded.SetBudgetAsync(Money.FromDollars(1), agent: "inner", topUp: Money.FromDollars(1));
        history.Add(new ChatMessage(ChatRole.User, "The budget is topped up, try again."));
        var response = await outer.GetResponseAsync(history, options);

        Assert.Equal("Done.", response.Text);
        Assert.Equal(3, _guarded.Provider.Calls.Count);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentFramework_MetersEachCallOfARun(bool stream)
    {
        var agent = _guarded.Chat().AsAIAgent("You find things.", "finder", tools: [.. _withSearch.Tools!]);
        await RunAsync(agent, stream);

        Assert.Equal(2, _guarded.Provider.Bill.BilledCalls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentFramework_AgentAsTool_IsChargedToItsOwnBudget(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("helper", """{"query":"x"}""");
        await _guarded.SetBudgetAsync(Money.FromDollars(1), agent: "inner");
        var inner = _guarded.Chat("gpt-4o-mini", "inner").AsAIAgent("You help.", "helper");
        var outer = _guarded.Chat().AsAIAgent("You ask for help.", "asker", tools: [inner.AsAIFunction()]);
        await RunAsync(outer, stream);

        Assert.Equal("gpt-4o, gpt-4o-mini, gpt-4o", string.Join(", ", _guarded.Provider.Calls.Select(call => call.Model)));
        Assert.Equal(_guarded.Provider.Calls[1].ChargeMicrocents, (await _guarded.BudgetAsync("inner")).Spent.Microcents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentFramework_AgentAsToolIsRefused_EndsTheOuterRun(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("helper", """{"query":"x"}""");
        await _guarded.SetBudgetAsync(Money.Zero, agent: "inner");
        var inner = _guarded.Chat("gpt-4o-mini", "inner").AsAIAgent("You help.", "helper");
        var outer = _guarded.Chat().AsAIAgent("You ask for help.", "asker", tools: [inner.AsAIFunction()]);
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => RunAsync(outer, stream));

        Assert.Equal("inner", refusal.Agent.Value);
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
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

    private IChatClient Loop(IChatClient leaf, string agent = "a", Action<GuardSettings>? configure = null) =>
        leaf.AsBuilder().UseFunctionInvocation().UseSpendGuard(agent, _guarded.Engine, configure).Build();
}
