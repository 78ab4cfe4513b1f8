#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>What the provider bills is what the budget loses, to the microcent, and the answer says so.</summary>
public sealed class ChargeTests : IAsyncLifetime
{
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync(options: null, time: null, new ProviderPrice("gpt-4o-cheap", 100, 10));
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Fact]
    public async Task Call_CostsAFractionOfACent_TakesThatFraction()
    {
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 20 };

        // 9 tokens in at 100 microcents and 20 out at 10: 0.0011 cents.
        var response = await _guarded.Chat("gpt-4o-cheap").GetResponseAsync("hello world");

        Assert.Equal(1_100, response.Get<long>(SettlementProperties.ChargedMicrocents));
        Assert.Equal(1_100, (await _guarded.BudgetAsync()).Spent.Microcents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Call_CachedInputAndReasoning_IsChargedAsBilled(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 90, ReasoningTokens = api == "messages" ? 0 : 40, CachedInputTokens = 5 };
        var response = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream);

        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents, response.Get<long>(SettlementProperties.ChargedMicrocents));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Call_AnswerIsCutByTheCap_IsChargedAsBilled(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var response = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = 30 });

        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(30, Assert.Single(_guarded.Provider.Calls).OutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("responses", false)]
    [InlineData("responses", true)]
    public async Task Call_WritesToTheCache_IsChargedAtThatRate(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { CacheWriteTokens = 6, CachedInputTokens = 2 };
        var leaf = api == "chat" ? _guarded.Completions("gpt-5.6") : _guarded.Responses("gpt-5.6");
        await _guarded.Guard(leaf).AskAsync("hello world", stream);

        Assert.Equal((1 * 500) + (2 * 50) + (6 * 625) + (20 * 3000), _guarded.Provider.Bill.TotalMicrocents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_CrossesAContextTier_IsChargedAtItsRates(bool stream)
    {
        var words = "ok" + string.Concat(Enumerable.Repeat(" ok", 272_000));
        await _guarded.Chat("gpt-5.6").AskAsync(words, stream);

        Assert.True(_guarded.Provider.Bill.TotalMicrocents > 272_000_000);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_AnthropicMarksTheCache_IsChargedAsBilled(bool stream)
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, [new TextContent("Be brief.")]),
            new(ChatRole.User, [new TextContent("hello world").WithCacheControl(new CacheControlEphemeral { Ttl = Ttl.Ttl1h })]),
        ];
        await _guarded.Guard(_guarded.Messages()).AskAsync(messages, stream);

        var call = Assert.Single(_guarded.Provider.Calls);
        Assert.Equal((call.InputTokens * 400) + (20 * 1000), _guarded.Provider.Bill.TotalMicrocents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_AnthropicWritesForFiveMinutesUnasked_IsChargedAsBilled(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { CacheWriteTokens = 5 };
        await _guarded.Guard(_guarded.Messages()).AskAsync("hello world", stream);

        Assert.Equal((4 * 200) + (5 * 250) + (20 * 1000), _guarded.Provider.Bill.TotalMicrocents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Call_AnthropicWithTools_HoldCoversTheirPrompt()
    {
        // The budget pays for what is held and not a microcent more.
        var tool = AIFunctionFactory.Create((string query) => query, "search");
        await _guarded.Guard(_guarded.Messages()).GetResponseAsync("hi", new ChatOptions { Tools = [tool], MaxOutputTokens = 20 });

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.True(Assert.Single(_guarded.Provider.Calls).InputTokens > 346);
        Assert.True(_guarded.Provider.Bill.TotalMicrocents <= held.Microcents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Call_ServedByADatedSnapshot_IsChargedAsBilled(string api, bool stream)
    {
        var model = api == "messages" ? "claude-sonnet-5-20260901" : "gpt-4o-2024-11-20";
        _guarded.Provider.Behaviour = new Behaviour { ServedModel = model };
        await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream);

        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ServedByAnotherModelWithAPrice_IsChargedAtThatPrice(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { ServedModel = "gpt-4o-mini" };
        await _guarded.Chat().AskAsync("hello world", stream);

        Assert.Equal((9 * 15) + (20 * 60), _guarded.Provider.Bill.TotalMicrocents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("flex", false, LedgerEntryKind.Settled)]
    [InlineData("flex", true, LedgerEntryKind.Settled)]
    [InlineData("scale", false, LedgerEntryKind.Forfeited)]
    [InlineData("scale", true, LedgerEntryKind.Forfeited)]
    public async Task Call_ServedAtAnotherTier_IsChargedAtItsPriceOrForfeitedWithoutOne(string tier, bool stream, LedgerEntryKind end)
    {
        var prices = _guarded.Engine.Prices;
        var card = prices.Current.Find(new ModelKey("openai", "gpt-4o"), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow)[0];
        prices.Swap(prices.Current.With(card with { ServiceTiers = card.ServiceTiers.Add("flex", new Pricing.ServiceTier(0.5m, 0.5m)) }));
        using var http = new HttpClient(new RewrittenAnswers(("\"service_tier\":\"default\"", $"\"service_tier\":\"{tier}\"")));
        await _guarded.Guard(_guarded.Completions(http: http)).AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = 50 });

        var last = await _guarded.EndAsync();
        Assert.Equal(end, last.Kind);
        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.Equal(tier == "flex" ? ((9 * 250) + (20 * 1000)) / 2 : held.Microcents, last.Amount.Microcents);
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Answer_SaysWhatTheCallCost(string api, bool stream)
    {
        var response = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = 50 });

        var ledger = await _guarded.LedgerAsync();
        var reserved = ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved);
        var settled = ledger.Single(entry => entry.Kind == LedgerEntryKind.Settled);
        Assert.Equal(reserved.Reservation!.Value.Value, response.Get<string>(SettlementProperties.Reservation));
        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(settled.Amount.Microcents, response.Get<long>(SettlementProperties.ChargedMicrocents));
        Assert.Equal(reserved.Amount.Microcents, response.Get<long>(SettlementProperties.HeldMicrocents));
        Assert.Equal((settled.Granted - settled.Spent).Microcents, response.Get<long>(SettlementProperties.RemainingMicrocents));
        Assert.Equal(50, response.Get<long>(SettlementProperties.OutputCap));
        Assert.False(response.Get<bool>(SettlementProperties.OutputCapLowered));
        await _guarded.AssertPaidAsBilledAsync();
    }
}
