using Microsoft.Extensions.AI;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Incomplete;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>
/// Whatever a price document leaves out, the worst bill is no more than the hold, and what is settled is what was billed: by what the document
/// states, and where it is silent by the dearest that the vendor has published.
/// </summary>
public sealed class IncompleteDocumentTests
{
    private const int Models = 150;

    [Theory]
    [InlineData("openai", "chat")]
    [InlineData("openai", "responses")]
    [InlineData("anthropic", "messages")]
    [InlineData("grok", "chat")]
    public async Task Call_IsHeldAndSettledAsTheVendorBills(string provider, string api)
    {
        var models = IncompleteModel.Of(provider, Models);
        await using var guarded = await StartAsync(models);
        foreach (var model in models.Where(model => model.HasBound))
        {
            var random = new Random(model.Number);
            var client = Client(guarded, api, model);
            foreach (var worst in (bool[])[true, false])
            {
                guarded.Provider.Behaviour = Billing(model, worst, random);
                var answer = await client.AskAsync(
                    string.Concat(Enumerable.Repeat("word ", 1 + random.Next(800))), stream: random.Next(2) == 0, new ChatOptions { MaxOutputTokens = 1 + random.Next(2_000) });

                var (charged, held) = (answer.Get<long>(SettlementProperties.ChargedMicrocents), answer.Get<long>(SettlementProperties.HeldMicrocents));
                var bill = guarded.Provider.Calls[^1].ChargeMicrocents;
                Assert.True(answer.Get<string>(SettlementProperties.End) == "settled" && charged == bill, $"{bill} microcents were billed, and {charged} charged: {model}");
                Assert.True(!worst || bill <= held, $"The worst bill is {bill} microcents, and only {held} were held: {model}");
            }
        }

        await guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ReasoningBeyondTheCap_WhereTheContextIsNotTold_IsRefused()
    {
        IncompleteModel[] models = [.. IncompleteModel.Of("grok", Models).Where(model => !model.HasBound)];
        await using var guarded = await StartAsync(models);
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
                () => Client(guarded, "chat", model).AskAsync("hello", stream: false, new ChatOptions { MaxOutputTokens = 10 }));
            Assert.Contains(model.Name, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("add the maximum input", refusal.Message, StringComparison.Ordinal);
        }

        await guarded.AssertNothingHappenedAsync();
    }

    private static async Task<Guarded> StartAsync(IncompleteModel[] models)
    {
        var guarded = await Guarded.StartAsync(options: null, time: null, [.. models.Select(model => model.Bills)]);
        var prices = guarded.Engine.Prices;
        prices.Swap(prices.Current.With(models.Select(model => model.ReadCard())));
        await guarded.SetBudgetAsync(Money.FromCents(10_000_000_000));
        return guarded;
    }

    private static IChatClient Client(Guarded guarded, string api, IncompleteModel model) => api switch
    {
        _ when model.Rules.Provider == "grok" => guarded.Grok(model.Name),
        "chat" => guarded.Guard(guarded.Completions(model.Name)),
        "responses" => guarded.Guard(guarded.Responses(model.Name)),
        _ => guarded.Guard(guarded.Messages(model.Name)),
    };

    /// <summary>The most that may be billed at the tier that the vendor is set to; or any counts, at any tier that it has unasked.</summary>
    private static Behaviour Billing(IncompleteModel model, bool worst, Random random)
    {
        string[] tiers = [.. model.Bills.Tiers.Keys.Where(_ => worst || random.Next(2) == 0)];
        if (worst)
        {
            return new Behaviour { UseTheMost = true, ServedTiers = tiers };
        }

        var input = Math.Min(1 + random.Next(400_000), model.Bills.MaxInputTokens);
        var cached = random.NextInt64(input + 1);
        var output = 1 + random.Next(50_000);
        return Behaviour.Say("All right") with
        {
            ServedTiers = tiers,
            FixedUsage = new SimulatedUsage(input, output)
            {
                CachedInputTokens = cached,
                CacheWriteTokens = random.NextInt64(input - cached + 1),
                ReasoningTokens = model.Rules.Provider == "anthropic" ? 0 : random.Next(output),
            },
        };
    }
}
