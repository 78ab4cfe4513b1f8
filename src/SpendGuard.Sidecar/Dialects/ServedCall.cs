using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>What a provider says of a call in its answer.</summary>
/// <param name="Usage">What it counted; null when it did not say.</param>
/// <param name="Model">The model that served the call; null when it did not say.</param>
/// <param name="Tier">The service tier that it was served at; null when it did not say.</param>
/// <param name="StatedCost">What it says that it charges; null when it did not say.</param>
internal sealed record ServedCall(Usage? Usage, string? Model, string? Tier, Money? StatedCost = null);
