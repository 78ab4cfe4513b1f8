using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>Calls of tools that the provider runs, such as searches. How many a call may make at most is what its budget pays for.</summary>
/// <remarks>Each has a fee, and runs the model once more on all that it takes in, as what it brings in cannot be seen.</remarks>
/// <param name="Name">The names of the tools, as the caller would search for them.</param>
/// <param name="Least">The fewest that the call is of use with; it is refused where its budget does not pay for them.</param>
/// <param name="Most">The most that are asked for, or that are let through where nothing says how many.</param>
[Experimental(ApiTier.Adapters)]
public sealed record HostedCalls(string Name, int Least, int Most)
{
    /// <summary>What each may be billed as, beside the tokens. Every one of them is held for at each call.</summary>
    public required ImmutableArray<UsageCategory> Fees { get; init; }
}
