#pragma warning disable MAAI001 // An agent as a chat client is experimental; that it is not charged twice is checked all the same.

using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>One client for a team of agents, where each call is paid by the agent that is running.</summary>
public sealed class AgentTeamTests : IAsyncLifetime
{
    private static readonly string[] Team = ["planner", "historian", "statistician", "critic"];

    private Guarded _guarded = null!;
    private IChatClient _shared = null!;

    public async Task InitializeAsync()
    {
        // A model for each agent, so that the provider's bill can be told apart by it.
        _guarded = await Guarded.StartAsync(options: null, time: null, [.. Team.Select((name, i) => new ProviderPrice(name + "-model", 100 + i, 400 + i))]);
        _shared = _guarded.Completions().AsBuilder()
            .UseSpendGuard(() => AIAgent.CurrentRunContext?.Agent.Name, _guarded.Engine).Build();
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FourAgents_InParallelOverOneClient_EachLedgerIsWhatTheProviderBilledForIt(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        await SetBudgetsAsync(Money.FromDollars(1));
        var agents = Team.Select(name => Agent(name, Search)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => RunAsync(agents[i % 4], stream))));

        Assert.Equal(80, _guarded.Provider.Bill.BilledCalls);
        await _guarded.AssertPaidAsBilledAsync();
        foreach (var name in Team)
        {
            await AssertPaidByAsync(name, calls: 20);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentAsTool_OverTheSameClient_EachPaysItsOwnCalls(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("historian", """{"query":"x"}""");
        await SetBudgetsAsync(Money.FromDollars(1));
        var outer = Agent("planner", Agent("historian").AsAIFunction());
        await RunAsync(outer, stream);

        Assert.Equal("planner-model, historian-model, planner-model", string.Join(", ", _guarded.Provider.Calls.Select(call => call.Model)));
        await AssertPaidByAsync("planner", calls: 2);
        await AssertPaidByAsync("historian", calls: 1);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentAsTool_ItsBudgetIsExhausted_OuterEndsWithinOneMoreCallAndSaysWhy(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("historian", """{"query":"x"}""");
        await SetBudgetsAsync(Money.FromDollars(1));
        await _guarded.SetBudgetAsync(Money.FromMicrocents(10), agent: "historian");
        var outer = Agent("planner", Agent("historian").AsAIFunction());
        var result = await Assert.ThrowsAsync<InsufficientBudgetException>(() => RunAsync(outer, stream));

        Assert.Equal("historian", result.Agent.Value);
        Assert.Contains("historian", result.Message, StringComparison.Ordinal);
        Assert.InRange(_guarded.Provider.Calls.Count, 1, 2);
        await AssertPaidByAsync("planner", calls: 1);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>Whoever wants the outer agent to go on without the inner one catches the refusal in the tool.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentAsTool_ToolCatchesTheRefusal_OuterGoesOnAndItsModelIsTold(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour
        {
            Reply = request => request.EndsWithToolResult
                ? SimulatedReply.Say(request.Body["messages"]!.AsArray()[^1]!["content"]!.ToString())
                : SimulatedReply.Call("historian", """{"query":"x"}"""),
        };
        await SetBudgetsAsync(Money.FromDollars(1));
        await _guarded.SetBudgetAsync(Money.Zero, agent: "historian");
        var inner = Agent("historian");
        var tool = AIFunctionFactory.Create(
            async (string query) =>
            {
                try
                {
                    return (await inner.RunAsync(query)).Text;
                }
                catch (BudgetRefusedException refusal)
                {
                    return refusal.Message;
                }
            },
            "historian");
        var result = await RunAsync(Agent("planner", tool), stream);

        Assert.Contains("Insufficient budget: agent 'historian'", result, StringComparison.Ordinal);
        await AssertPaidByAsync("planner", calls: 2);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyIsRunning_CallIsRefusedWithTheWayOut(bool stream)
    {
        var refusal = await Assert.ThrowsAsync<UnidentifiedAgentException>(() => _shared.AskAsync("hello", stream));
        Assert.Contains("SpendGuardScope", refusal.Message, StringComparison.Ordinal);

        var nameless = _shared.AsAIAgent(new ChatClientAgentOptions());
        await Assert.ThrowsAsync<UnidentifiedAgentException>(() => RunAsync(nameless, stream));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Scope_IsAroundTheRun_ItsAgentPays()
    {
        await SetBudgetsAsync(Money.FromDollars(1));
        await _guarded.SetBudgetAsync(Money.FromDollars(1), agent: "tenant");
        using (SpendGuardScope.Begin("tenant", "nightly"))
        {
            await RunAsync(Agent("planner"), stream: false);
        }

        var end = await _guarded.EndAsync();
        Assert.Equal(("tenant", "nightly"), (end.Agent!.Value.Value, end.Run?.Value));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Stream_IsAskedForByOneAndReadByAnother_WhoAskedPays()
    {
        await SetBudgetsAsync(Money.FromDollars(1));
        var running = new AsyncLocal<string?> { Value = "planner" };
        var client = _guarded.Completions().AsBuilder().UseSpendGuard(() => running.Value, _guarded.Engine).Build();
        var stream = client.GetStreamingResponseAsync("hello");
        running.Value = "critic";
        await foreach (var update in stream)
        {
            running.Value = "historian";
            Assert.NotNull(update);
        }

        Assert.Equal("planner", (await _guarded.EndAsync()).Agent!.Value.Value);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public void Agent_AsAClientUnderAnotherGuard_IsRefusedWhenBuilt() => Assert.Throws<InvalidOperationException>(
        () => Agent("planner").AsIChatClient().AsBuilder().UseSpendGuard("planner", _guarded.Engine).Build());

    [Fact]
    public async Task Embeddings_ArePaidByTheRunningAgentToo()
    {
        await SetBudgetsAsync(Money.FromDollars(1));
        var generator = _guarded.Embeddings().AsBuilder()
            .UseSpendGuard(() => AIAgent.CurrentRunContext?.Agent.Name, _guarded.Engine).Build();
        await Assert.ThrowsAsync<UnidentifiedAgentException>(() => generator.GenerateAsync(["hello"]));
        await _guarded.AssertNothingHappenedAsync();

        _guarded.Provider.Behaviour = Behaviour.CallTool("recall", """{"what":"x"}""");
        var recall = AIFunctionFactory.Create(async (string what) => (await generator.GenerateAsync([what])).Count, "recall");
        await RunAsync(Agent("critic", recall), stream: false);

        Assert.Equal(3, _guarded.Provider.Bill.BilledCalls);
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents, (await _guarded.BudgetAsync("critic")).Spent.Microcents);
    }

    private static AITool Search => AIFunctionFactory.Create((string query) => $"Nothing on {query}.", "search");

    private ChatClientAgent Agent(string name, params AITool[] tools) => _shared.AsAIAgent(new ChatClientAgentOptions
    {
        Name = name,
        ChatOptions = new ChatOptions { ModelId = name + "-model", Instructions = $"You are the {name}.", Tools = tools, MaxOutputTokens = 100 },
    });

    private async Task SetBudgetsAsync(Money limit)
    {
        foreach (var name in Team)
        {
            await _guarded.SetBudgetAsync(limit, agent: name);
        }
    }

    private async Task AssertPaidByAsync(string name, int calls)
    {
        var billed = _guarded.Provider.Calls.Where(call => call.Model == name + "-model").ToList();
        var ledger = (await _guarded.LedgerAsync()).Where(entry => entry.Agent!.Value.Value == name).ToList();
        Assert.Equal(calls, billed.Count);
        Assert.Equal(calls, ledger.Count(entry => entry.Kind == LedgerEntryKind.Settled));
        Assert.Equal(billed.Sum(call => call.ChargeMicrocents), ledger[^1].Spent.Microcents);
    }

    private static async Task<string> RunAsync(AIAgent agent, bool stream)
    {
        if (!stream)
        {
            return (await agent.RunAsync("find x")).Text;
        }

        var text = "";
        await foreach (var update in agent.RunStreamingAsync("find x"))
        {
            text += update.Text;
        }

        return text;
    }
}
