using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Misbilling;

/// <summary>
/// Calls that other gateways and meters have billed wrongly, with the figures of their bug reports, through the providers' own adapters.
/// The source of each case is named beside it; here the budget loses what the provider billed.
/// </summary>
public sealed class MisbillingTests : IAsyncLifetime
{
    private static readonly ProviderPrice[] Prices =
    [
        new("claude-dated", 300, 1_500) { CachedInput = 30, CacheWrite = 375, CacheWriteOneHour = 600 },
        new("grok-4.3", 125, 250) { CachedInput = 20 },
        new("gemini-3.1-pro-preview", 200, 1_200)
        {
            CachedInput = 20,
            LongContextFrom = 200_001,
            LongContext = new("gemini-3.1-pro-preview", 400, 1_800) { CachedInput = 40 },
        },
    ];

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync(options: null, time: null, Prices);
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    /// <summary>litellm#9812, bifrost#3451, Portkey#1754: $0.091311 in place of $0.054399.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T1_CacheWrite_IsNotBilledAsInputToo(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(12_307, 550) { CacheWriteTokens = 12_304 } };
        await AskAsync(_guarded.Guard(_guarded.Messages("claude-dated")), stream, dollars: 0.054399m);
    }

    /// <summary>The two lives of a cache entry have two prices; the adapter adds them up, the SDK's message does not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T1_CacheWritesOfBothLives_AreEachBilledAtTheirPrice(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour
        {
            FixedUsage = new(1_000, 10) { CacheWriteTokens = 300, CacheWriteOneHourTokens = 200, CachedInputTokens = 100 },
        };
        await AskAsync(
            _guarded.Guard(_guarded.Messages("claude-dated")), stream, ((400 * 300) + (300 * 375) + (200 * 600) + (100 * 30) + 15_000) / 1e8m);
    }

    /// <summary>sub2api#5771, vercel/ai#12425, inspect_ai#5528: xAI's reasoning is beside the completion, and only the total tells.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T3_ReasoningBesideTheCompletion_IsBilled(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = GrokUsage };
        await AskAsync(_guarded.Grok("grok-4.3"), stream, dollars: 0.0232856m);
    }

    /// <summary>What xAI states is the bill, whatever the price book says.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T3_StatedCost_IsTheBill(bool stream)
    {
        var prices = _guarded.Engine.Prices;
        prices.Swap(prices.Current.With(Card("grok", "grok-4.3") with
        {
            Rates = new TokenRates { Input = Rate.FromMicrocents(1_000), Output = Rate.FromMicrocents(2_000) },
        }));
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = GrokUsage };
        await AskAsync(_guarded.Grok("grok-4.3"), stream, dollars: 0.0232856m);
    }

    /// <summary>Running counts of a stream that has stopped before its choice finished are of less than the provider bills.</summary>
    [Fact]
    public async Task T3_StreamStopsAmidRunningCounts_IsUnknown()
    {
        _guarded.Provider.Behaviour = new Behaviour { Quirks = UsageQuirks.Running };
        using var http = new HttpClient(new RewrittenAnswers(("\"finish_reason\":\"stop\"", "\"finish_reason\":null"), ("\"choices\":[],\"usage\"", "\"choices\":[],\"left_out\"")));
        await _guarded.Guard(_guarded.Completions(http: http)).AskAsync("hello", stream: true);

        await AssertHoldIsSpentAsync();
    }

    /// <summary>promptfoo#9507, the opposite of T3: where the total says that reasoning is within the completion, it is not added.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T4_ReasoningWithinTheCompletion_IsNotAdded(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(500, 500) { ReasoningTokens = 200 } };
        await AskAsync(_guarded.Grok(stated: false), stream, ((500 * 200) + (500 * 600)) / 1e8m);
    }

    /// <summary>vercel/ai#6082: thoughts were left out.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T5_Thoughts_AreBilled(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(7_477, 3_999) { ReasoningTokens = 1_939 } };
        await AskAsync(Gemini(), stream, ((7_477 * 200) + ((2_060 + 1_939) * 1_200)) / 1e8m);
    }

    /// <summary>tensorzero#5481: 1 + 15 made 16. laravel/ai#996: input that hosted tools brought in later was left out.</summary>
    [Fact]
    public async Task T7_LaterReports_TakeThePlaceOfEarlierOnes()
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(10_682, 15) };
        const string Start = "\"input_tokens\":10682,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"cache_creation\"";
        using var http = new HttpClient(new RewrittenAnswers((Start, Start.Replace("10682", "2679", StringComparison.Ordinal))));
        await AskAsync(_guarded.Guard(_guarded.Messages("claude-dated", http)), stream: true, ((10_682 * 300) + (15 * 1_500)) / 1e8m);
    }

    /// <summary>A stream that ends before the last report has told of a placeholder only.</summary>
    [Fact]
    public async Task T7_PlaceholderAlone_IsUnknown()
    {
        using var http = new HttpClient(new RewrittenAnswers(("event: message_delta", "event: ping"), ("\"type\":\"message_delta\"", "\"type\":\"ping\"")));
        await _guarded.Guard(_guarded.Messages(http: http)).AskAsync("hello", stream: true);

        await AssertHoldIsSpentAsync();
    }

    /// <summary>litellm#30630, #36008, #39893: a client that went before the usage came had its call for nothing.</summary>
    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task T8_ConsumerGoesBeforeUsage_TheWholeAnswerIsPaid(string api)
    {
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 500 };
        await foreach (var update in _guarded.Guard(_guarded.Leaf(api)).GetStreamingResponseAsync("hello"))
        {
            Assert.NotNull(update);
            break;
        }

        Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>pydantic-ai#5065: the counts at the top leave 180,000 tokens of a compaction out.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T9_Compaction_IsBilled(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(23_000, 1_000) };
        const string Iterations = """
            "iterations":[{"type":"compaction","input_tokens":180000,"output_tokens":3500},{"type":"message","input_tokens":23000,"output_tokens":1000}]
            """;
        using var http = new HttpClient(new RewrittenAnswers(("\"output_tokens\":1000", "\"output_tokens\":1000," + Iterations.Trim())));
        await _guarded.Guard(_guarded.Messages("claude-dated", http)).AskAsync("hello", stream);

        Assert.Equal((203_000 * 300) + (4_500 * 1_500), (await _guarded.EndAsync()).Amount.Microcents);
    }

    /// <summary>litellm#33772, #35127: $0.86 in place of $0.16625.</summary>
    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("responses", false)]
    [InlineData("responses", true)]
    public async Task T10_CacheWriteTokensDropped_AreBilled(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour
        {
            FixedUsage = new(172_000, 0) { CachedInputTokens = 155_000, CacheWriteTokens = 3_000 },
            Reply = _ => SimulatedReply.Say(""),
        };
        var leaf = api == "chat" ? _guarded.Completions("gpt-5.6") : _guarded.Responses("gpt-5.6");
        await AskAsync(_guarded.Guard(leaf), stream, dollars: 0.16625m);
    }

    /// <summary>litellm#40002: a prompt of 300,000 tokens was reserved at the price of a short one, half of what it costs.</summary>
    [Fact]
    public async Task T11_LongPrompt_IsReservedAtItsTier()
    {
        var words = "ok" + string.Concat(Enumerable.Repeat(" ok", 300_000));
        var response = await _guarded.Chat("gpt-5.6").AskAsync(words, stream: false, new ChatOptions { MaxOutputTokens = 1_000 });

        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 300_000 * 1_000, response.Get<long>(SettlementProperties.HeldMicrocents));
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>litellm#35524, #36561; nika#1368: a model without a price cost nothing, or was not reserved for.</summary>
    [Fact]
    public async Task T12_MisspeltModel_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnknownModelException>(() => _guarded.Chat("gpt-4o-minni").GetResponseAsync("hello"));

        Assert.Contains(new ModelKey("openai", "gpt-4o-mini"), refusal.Nearest);
        await _guarded.AssertNothingHappenedAsync();
    }

    /// <summary>litellm#31837: priority asked for and default served was billed as priority.</summary>
    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("responses", false)]
    [InlineData("responses", true)]
    public async Task T13_ServedTier_IsBilled(string api, bool stream)
    {
        PriceTier("priority", 2);
        var client = _guarded.Guard(_guarded.Leaf(api), configure: client => client.ServiceTier = "priority");
        await client.AskAsync("hello", stream);

        Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>A request without a tier is served at the one that the project is set to: the hold covers the dearest, until it is told.</summary>
    [Theory]
    [InlineData("chat", null)]
    [InlineData("responses", null)]
    [InlineData("chat", "default")]
    public async Task T13_ProjectIsSetToADearerTier_HoldCoversIt(string api, string? stated)
    {
        PriceTier("priority", 2);
        PriceTier("flex", 0.5m);
        using var http = new HttpClient(new RewrittenAnswers(("\"service_tier\":\"default\"", "\"service_tier\":\"priority\"")));
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var leaf = api == "chat" ? _guarded.Completions(http: http) : _guarded.Responses(http: http);
        var client = _guarded.Guard(leaf, configure: client => client.ServiceTier = stated);
        var response = await client.AskAsync("hello", stream: false, new ChatOptions { MaxOutputTokens = 500 });

        var charged = response.Get<long>(SettlementProperties.ChargedMicrocents);
        Assert.Equal(2 * _guarded.Provider.Bill.TotalMicrocents, charged);
        Assert.Equal(stated is null, charged <= response.Get<long>(SettlementProperties.HeldMicrocents));
    }

    /// <summary>claude-code-hub#1165: a stream whose usage was not asked for cost nothing.</summary>
    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task T14_Usage_IsAskedFor(string api, bool stream)
    {
        await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello", stream);

        Assert.True(Assert.Single(_guarded.Provider.Calls).UsageSent);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>grob#454: an answer with counts of zero, or with none, cost nothing.</summary>
    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task T14_ZeroUsage_TheHoldIsSpent(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { ZeroUsage = true };
        await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 50 });

        await AssertHoldIsSpentAsync();
    }

    /// <summary>litellm#27509: 16,384 tokens of output were reserved for a call that named no cap, and the model gave up to 128,000.</summary>
    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task T15_OmittedCap_WhatIsReservedIsSent(string api)
    {
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var leaf = api switch
        {
            "chat" => _guarded.Completions("gpt-5.6"),
            "responses" => _guarded.Responses("gpt-5.6"),
            _ => _guarded.Messages(),
        };
        var response = await _guarded.Guard(leaf).AskAsync("hello", stream: false);

        Assert.Equal(128_000, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 128_000 * 1_000, response.Get<long>(SettlementProperties.HeldMicrocents));
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>hermes#93678, AutoGPT#14386: $0.50 in place of $1.00, and cached tokens at the price of a short prompt.</summary>
    [Theory]
    [InlineData(0, 100)]
    [InlineData(100_000, 64)]
    public async Task T17_LongPrompt_IsBilledAtItsTier_CachedTokensToo(long cached, int cents)
    {
        _guarded.Provider.Behaviour = new Behaviour { FixedUsage = new(250_000, 0) { CachedInputTokens = cached }, Reply = _ => SimulatedReply.Say("") };
        await AskAsync(Gemini(), stream: false, cents / 100m);
    }

    /// <summary>litellm#37736: a budget of $0 was taken for none.</summary>
    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task T19_BudgetOfNothing_RefusesEveryCall(string api, bool stream)
    {
        await _guarded.SetBudgetAsync(Money.Zero, agent: "none");
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => _guarded.Guard(_guarded.Leaf(api), "none").AskAsync("hello", stream));

        await _guarded.AssertNothingHappenedAsync();
    }

    private static SimulatedUsage GrokUsage => new(10_120, 1_499 + 2_809) { ReasoningTokens = 2_809, CachedInputTokens = 128 };

    private IChatClient Gemini() => _guarded.Guard(new GeminiAdapter(_guarded.Provider.GeminiEndpoint, "gemini-3.1-pro-preview"));

    private async Task AskAsync(IChatClient client, bool stream, decimal dollars)
    {
        var response = await client.AskAsync("hello", stream);

        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(dollars, Money.FromMicrocents(response.Get<long>(SettlementProperties.ChargedMicrocents)).ToDollars());
        await _guarded.AssertPaidAsBilledAsync();
    }

    private async Task AssertHoldIsSpentAsync()
    {
        var end = await _guarded.EndAsync();
        Assert.Equal(LedgerEntryKind.Forfeited, end.Kind);
        Assert.Equal((await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount, end.Amount);
    }

    private void PriceTier(string name, decimal factor)
    {
        var prices = _guarded.Engine.Prices;
        var card = Card("openai", "gpt-4o");
        prices.Swap(prices.Current.With(card with { ServiceTiers = card.ServiceTiers.SetItem(name, new ServiceTier(factor, factor)) }));
    }

    private RateCard Card(string provider, string model) =>
        _guarded.Engine.Prices.Current.Find(new ModelKey(provider, model), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow)[0];
}
