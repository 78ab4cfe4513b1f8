using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What an approval has added to a limit for a time. It ends by itself.</summary>
/// <param name="Amount">What is added.</param>
/// <param name="Until">When it is taken back; null where that is when the limit is set anew.</param>
[Experimental(ApiTier.Stores)]
public sealed record Raise(Money Amount, DateTimeOffset? Until);
