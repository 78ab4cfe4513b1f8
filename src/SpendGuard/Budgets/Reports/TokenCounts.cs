using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SpendGuard.Budgets;

/// <summary>The tokens of calls, by kind. No token is in two of them: together they are all.</summary>
/// <param name="Input">Input that was neither read from a cache nor written to one, audio included.</param>
/// <param name="CacheRead">Input that was read from a cache.</param>
/// <param name="CacheWrite">Input that was written to a cache.</param>
/// <param name="Output">Output without what the model reasoned, audio included.</param>
/// <param name="Reasoning">What the model reasoned, where its provider counts that apart; else it is in the output.</param>
[Experimental(ApiTier.Adapters)]
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenCounts(long Input, long CacheRead, long CacheWrite, long Output, long Reasoning)
{
    /// <summary>All of them.</summary>
    /// <exception cref="OverflowException">They are too many to count.</exception>
    public long Total => checked(Input + CacheRead + CacheWrite + Output + Reasoning);

    internal bool IsNegative => (Input | CacheRead | CacheWrite | Output | Reasoning) < 0;

    internal TokenCounts Plus(TokenCounts other) => checked(new(
        Input + other.Input, CacheRead + other.CacheRead, CacheWrite + other.CacheWrite, Output + other.Output, Reasoning + other.Reasoning));
}
