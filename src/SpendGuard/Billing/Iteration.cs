using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>One of several runs of a model within a call, such as a compaction of its context.</summary>
/// <param name="Model">The provider's name of the model that ran; null for the one that served the call.</param>
/// <param name="Usage">What was counted for the run.</param>
[Experimental(ApiTier.Adapters)]
public sealed record Iteration(string? Model, Usage Usage);
