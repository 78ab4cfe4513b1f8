namespace SpendGuard.Sidecar.Refusals;

/// <summary>A call did not fit its budget, and asking the provider for its count of the input did not help.</summary>
/// <param name="refusal">The refusal.</param>
/// <param name="told">What came of asking.</param>
internal sealed class CountedRefusalException(InsufficientBudgetException refusal, string told) : Exception($"{refusal.Message} {told}", refusal);
