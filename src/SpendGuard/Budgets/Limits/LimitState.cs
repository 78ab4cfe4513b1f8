using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A limit and its last account.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Account">The account with the highest number under its name, over or not; null where nothing was ever held in one.</param>
[Experimental(ApiTier.Stores)]
public sealed record LimitState(Limit Limit, Account? Account);
