#pragma warning disable MEAI001, OPENAI001 // Hosted tools and the SDK's Responses client are experimental.

using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>What a model or an adapter does without being asked, and what hosted tools add to the bill.</summary>
public sealed class HiddenCostTests : IAsyncLifetime
{
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(10));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AdapterThatGoesOnByItself_IsRefusedUntilItIsAllowed(bool stream)
    {
        var google = new GeminiAdapter(_guarded.Provider.GeminiEndpoint, "gemini-2.5-flash", name: "gcp.gen_ai");
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Guard(google).AskAsync("hello", stream));
        Assert.Equal("AutomaticContinuation", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();

        var allowing = _guarded.Guard(google, configure: client => client.AllowedFeatures.Add("AutomaticContinuation"));
        var response = await allowing.AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 50 });

        // Its input is all there to be seen, so it is bounded as ever.
        Assert.InRange(response.Get<long>(SettlementProperties.HeldMicrocents), 50 * 250, (50 * 250) + (200 * 30));
        Assert.Equal("AutomaticContinuation", (await _guarded.EndAsync()).Unbounded);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ModelThatSearchesByItself_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => _guarded.Chat("gpt-4o-search-preview").GetResponseAsync("hello"));

        Assert.Equal("WebSearch", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("web_search_call", false)]
    [InlineData("web_search_call", true)]
    [InlineData("file_search_call", false)]
    [InlineData("file_search_call", true)]
    public async Task HostedTool_CallsInAResponse_AreChargedByTheirFee(string call, bool stream)
    {
        var prices = _guarded.Engine.Prices;
        var card = prices.Current.Find(new ModelKey("openai", "gpt-4o"), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow)[0];
        prices.Swap(prices.Current.With(card with
        {
            Fees = card.Fees
                .Add(UsageCategory.WebSearch, Rate.FromMicrocents(1_000_000))
                .Add(UsageCategory.FileSearch, Rate.FromMicrocents(1_000_000)),
        }));
        var item = """{"id":"c_1","type":"call","status":"completed","queries":[],"action":{"type":"search","query":"x"}}"""
            .Replace("\"call\"", $"\"{call}\"", StringComparison.Ordinal);
        using var http = new HttpClient(new RewrittenAnswers(("\"output\":[{", $"\"output\":[{item},{item.Replace("c_1", "c_2", StringComparison.Ordinal)},{{")));
        var client = _guarded.Guard(
            _guarded.Responses(http: http), configure: client => client.AllowedFeatures.Add("HostedWebSearchTool"));
        await client.AskAsync("hello", stream, new ChatOptions { Tools = [new HostedWebSearchTool()], MaxOutputTokens = 50 });

        var end = await _guarded.EndAsync();
        Assert.Equal(LedgerEntryKind.Settled, end.Kind);
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents + 2_000_000, end.Amount.Microcents);
        Assert.Equal("HostedWebSearchTool", end.Unbounded);
    }
}
