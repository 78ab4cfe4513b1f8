using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Models;

/// <summary>A model that can be called.</summary>
/// <param name="Key">Who bills for it, and its name there.</param>
/// <param name="PricedAt">The date of its price.</param>
/// <param name="MaxInputTokens">The most input that it takes; null when not published.</param>
/// <param name="MaxOutputTokens">The most output that it gives; null when not published.</param>
internal sealed record CallableModel(ModelKey Key, DateTimeOffset PricedAt, long? MaxInputTokens, long? MaxOutputTokens)
{
    public string Name => Key.Model;
}
