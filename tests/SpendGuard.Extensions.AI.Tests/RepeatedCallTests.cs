using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>An agent that calls the same tool again and again, and is told the same each time.</summary>
public sealed class RepeatedCallTests : IAsyncLifetime
{
    private readonly ChatOptions _options = new()
    {
        Tools = [AIFunctionFactory.Create((string query) => $"Nothing on {query}.", "search")],
        MaxOutputTokens = 1_000,
    };

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
        await _guarded.Engine.SetIdenticalCallsAsync("a", 3);
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    /// <summary>The first call asks; from the second on each ends with the same call of the tool, and the same result.</summary>
    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("messages", false)]
    public async Task SameToolSameResult_IsPausedAtTheThird(string api, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("search", """{"query":"x"}""");
        using var scope = SpendGuardScope.Begin("a", new RunId("nightly-7"));

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => Loop(api).AskAsync("find x", stream, _options));

        Assert.Equal(3, _guarded.Provider.Calls.Count);
        Assert.Equal(("breaker", "3 identical calls in a row in run nightly-7"), (refusal.Pause.By, refusal.Pause.Reason));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task SameTool_OtherArgumentsEachTime_GoesOn()
    {
        var page = 0;
        _guarded.Provider.Behaviour = new Behaviour { Reply = _ => page++ < 8 ? SimulatedReply.Call("search", $$"""{"query":"page {{page}}"}""") : SimulatedReply.Say("Done.") };
        using var scope = SpendGuardScope.Begin("a", new RunId("nightly-7"));

        var answer = await Loop("chat").AskAsync("find x", stream: false, _options);

        Assert.StartsWith("Done.", answer.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Equal(9, _guarded.Provider.Calls.Count);
    }

    [Fact]
    public async Task WithoutARun_NothingIsCounted()
    {
        var client = _guarded.Chat();
        for (var i = 0; i < 4; i++)
        {
            await client.AskAsync("find x", stream: false, _options);
        }

        Assert.Equal(4, _guarded.Provider.Calls.Count);
    }

    /// <summary>A retry below one call is not the agent's.</summary>
    [Fact]
    public async Task Attempts_OfOneCall_CountOnce()
    {
        _guarded.Provider.ForRequest = request => request.CallId % 3 == 0 ? Behaviour.Honest : new Behaviour { FailWithStatus = 500, BillFailures = true };
        using var scope = SpendGuardScope.Begin("a", new RunId("nightly-7"));
        var client = _guarded.Guard(_guarded.Leaf("chat", retries: 2));

        await client.AskAsync("find x", stream: false, _options);
        await client.AskAsync("find x", stream: false, _options);

        Assert.Equal(6, _guarded.Provider.Calls.Count);
    }

    private IChatClient Loop(string api) => _guarded.Guard(_guarded.Leaf(api)).AsBuilder().UseFunctionInvocation().Build();
}
