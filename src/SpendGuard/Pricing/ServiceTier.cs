using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>What a service tier other than the standard one does to a card's token rates.</summary>
/// <param name="InputFactor">What input rates are multiplied by.</param>
/// <param name="OutputFactor">What output rates are multiplied by.</param>
[Experimental(ApiTier.Adapters)]
public sealed record ServiceTier(decimal InputFactor, decimal OutputFactor)
{
    /// <summary>The tier of a batch's requests. No call by itself is made at it.</summary>
    public const string Batch = "batch";

    /// <summary>The tier without a batch's, which may stand beside another; null where nothing is left.</summary>
    internal static string? WithoutBatch(string? tier) =>
        tier is null ? null : string.Join('+', tier.Split('+').Where(static name => name != Batch)) is { Length: > 0 } rest ? rest : null;
}
