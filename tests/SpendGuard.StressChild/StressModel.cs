using SpendGuard.Pricing;

namespace SpendGuard.StressChild;

/// <summary>The model that is called. Its name is no published one, so that no tokenizer is loaded at each start.</summary>
public static class StressModel
{
    public const string Provider = "stress";

    public const string Name = "stress-1";

    /// <summary>Microcents for each token of input.</summary>
    public const long Input = 250;

    /// <summary>Microcents for each token of output.</summary>
    public const long Output = 1_000;

    public static PriceBook Prices() => new(
        "the stress test",
        DateTimeOffset.UnixEpoch,
        [
            new RateCard
            {
                Model = new ModelKey(Provider, Name),
                Rates = new TokenRates { Input = Rate.FromMicrocents(Input), Output = Rate.FromMicrocents(Output) },
                MaxInputTokens = 128_000,
                MaxOutputTokens = 16_384,
            },
        ]);
}
