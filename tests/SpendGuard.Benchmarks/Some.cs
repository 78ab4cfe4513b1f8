using Microsoft.Extensions.AI;
using SpendGuard.Pricing;

namespace SpendGuard.Benchmarks;

/// <summary>The same agent, prices and prompt in every benchmark.</summary>
internal static class Some
{
    /// <summary>A model whose tokenizer is published, so that the input is counted.</summary>
    public const string CountedModel = "gpt-4o-mini";

    /// <summary>A model without one, so that the input is bounded by its bytes.</summary>
    public const string UncountedModel = "some-model";

    public static AgentId Agent { get; } = new("researcher");

    public static List<ChatMessage> Conversation { get; } =
    [
        new(ChatRole.System, "You are a careful researcher. Answer in one paragraph and name your sources."),
        new(ChatRole.User, "What did the first public budgets look like, who was allowed to overrun them, and what happened to those who did?"),
    ];

    public static Prices Prices() => new(new PriceBook("benchmarks", DateTimeOffset.UnixEpoch, [Card(CountedModel), Card(UncountedModel)]));

    /// <summary>Prices of as many models: "model-0" and so on.</summary>
    public static Prices Prices(int models) =>
        new(new PriceBook("benchmarks", DateTimeOffset.UnixEpoch, [.. Enumerable.Range(0, models).Select(model => Card($"model-{model}"))]));

    public static async Task<SpendGuardEngine> EngineAsync(Storage.IBudgetStore store)
    {
        var engine = new SpendGuardEngine(store, Prices());
        await engine.SetBudgetAsync(Agent, Money.FromDollars(1_000_000_000));
        return engine;
    }

    private static RateCard Card(string model) => new()
    {
        Model = new ModelKey("openai", model),
        Rates = new TokenRates { Input = Rate.FromMicrocents(15), CachedInput = Rate.FromMicrocents(7.5m), Output = Rate.FromMicrocents(60) },
        MaxInputTokens = 128_000,
        MaxOutputTokens = 16_384,
    };
}
