using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>What a service tier other than the standard one does to a card's token rates.</summary>
/// <param name="InputFactor">What input rates are multiplied by.</param>
/// <param name="OutputFactor">What output rates are multiplied by.</param>
[Experimental(ApiTier.Adapters)]
public sealed record ServiceTier(decimal InputFactor, decimal OutputFactor);
