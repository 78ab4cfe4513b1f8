using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>Options that carry the agent which a call counts for.</summary>
public sealed class CarriedAgentTests : IAsyncLifetime
{
    private readonly List<string> _bodies = [];
    private Guarded _guarded = null!;
    private IChatClient _shared = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        foreach (var agent in (string[])["a", "b", "running"])
        {
            await _guarded.SetBudgetAsync(Money.FromDollars(1), agent);
        }

        _guarded.Provider.OnArrival = request =>
        {
            _bodies.Add(request.Body.ToJsonString());
            return Task.CompletedTask;
        };
        _shared = _guarded.Completions().AsBuilder().UseSpendGuard(() => "running", _guarded.Engine).Build();
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Agent_IsWhoPays_AndTheProviderIsNotToldOfIt(string api, bool stream)
    {
        var chat = _guarded.Leaf(api).AsBuilder().UseSpendGuard(() => null, _guarded.Engine, api == "responses" ? Guarded.WithoutStoring : null).Build();
        await chat.AskAsync("hello", stream, Options.ForAgent("b"));
        await chat.AskAsync("hello", stream, Options.ForAgent("a").ForAgent("b"));

        await AssertOfAsync("b b");
        Assert.Equal(2, _bodies.Count);
        Assert.All(_bodies, body => Assert.DoesNotContain("spendguard", body, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An adapter that is not known might send any property; the agent is none by the time it is asked.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_IsTakenOut_BeforeTheAdapterSeesTheOptions(bool stream)
    {
        using var adapter = new SeeingClient();
        var chat = _guarded.Guard(adapter, "a");
        await chat.AskAsync("hello", stream, Options.ForAgent("a"));
        Assert.Null(Assert.Single(adapter.Seen)?.AdditionalProperties);

        var own = Options.ForAgent("a");
        own.AdditionalProperties!["own"] = 1;
        await Assert.ThrowsAsync<UnboundedCostException>(() => chat.AskAsync("hello", stream, own));
        var allowing = _guarded.Guard(adapter, "a", client => client.AllowedFeatures.Add("AdditionalProperties"));
        await allowing.AskAsync("hello", stream, own);
        Assert.Equal("own", Assert.Single(adapter.Seen[1]!.AdditionalProperties!.Keys));
        Assert.Equal(2, own.AdditionalProperties.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_ComesBeforeTheScopesAndTheRunningOne(bool stream)
    {
        using (SpendGuardScope.Begin("a", "nightly"))
        {
            await _shared.AskAsync("hello", stream, Options.ForAgent("b"));
            await _shared.AskAsync("hello", stream, Options);
        }

        await _shared.AskAsync("hello", stream, Options.ForAgent("b"));
        await _shared.AskAsync("hello", stream, Options);

        await AssertOfAsync("b a b running");
    }

    [Fact]
    public async Task EveryCallOfALoop_IsTheCarriedAgents()
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        var loop = _shared.AsBuilder().UseFunctionInvocation().Build();
        var options = Options.ForAgent("b");
        options.Tools = [AIFunctionFactory.Create((string query) => $"Nothing on {query}.", "search")];
        await loop.GetResponseAsync("find x", options);

        await AssertOfAsync("b b");
    }

    [Fact]
    public void OptionsThatWereGiven_StayAsTheyAre_SoThatManyAgentsCanShareThem()
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["own"] = 1 } };
        var carrying = options.ForAgent("a");

        Assert.Equal("own", Assert.Single(options.AdditionalProperties.Keys));
        Assert.Equal(2, carrying.AdditionalProperties!.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientOfOneAgent_TakesNoOther(bool stream)
    {
        foreach (var chat in (IChatClient[])[_guarded.Chat(agent: "a"), _shared.ForAgent("a")])
        {
            var refusal = await Assert.ThrowsAsync<UnidentifiedAgentException>(() => chat.AskAsync("hello", stream, Options.ForAgent("b")));
            Assert.Contains("carry agent 'b', and its client is agent 'a's alone", refusal.Message, StringComparison.Ordinal);
        }

        await _guarded.AssertNothingHappenedAsync();
        await _guarded.Chat(agent: "a").AskAsync("hello", stream, Options.ForAgent("a"));
        await _shared.ForAgent("a").AskAsync("hello", stream, Options.ForAgent("a"));
        using (SpendGuardScope.Begin("b"))
        {
            await _guarded.Chat(agent: "a").AskAsync("hello", stream, Options.ForAgent("b"));
        }

        await AssertOfAsync("a a b");
    }

    [Fact]
    public async Task WhatIsNoId_IsAMistake()
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["spendguard.agent"] = 7 } };
        await Assert.ThrowsAsync<ArgumentException>(() => _shared.GetResponseAsync("hello", options));
        await _guarded.AssertNothingHappenedAsync();
    }

    private static ChatOptions Options => new() { MaxOutputTokens = 50 };

    private async Task AssertOfAsync(string agents)
    {
        await _guarded.AssertPaidAsBilledAsync();
        var ends = (await _guarded.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled);
        Assert.Equal(agents, string.Join(' ', ends.Select(entry => entry.Agent!.Value.Value)));
    }

    private sealed class SeeingClient : IChatClient
    {
        public List<ChatOptions?> Seen { get; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Seen.Add(options);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ok"))
            {
                Usage = new UsageDetails { InputTokenCount = 9, OutputTokenCount = 1, TotalTokenCount = 10 },
            });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", defaultModelId: "gpt-4o") : null;

        public void Dispose()
        {
        }
    }
}
