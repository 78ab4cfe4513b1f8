using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>How often calls of one kind were refused on one day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Run">Their run; null when they have none.</param>
/// <param name="Model">What was to be called, as <c>provider:model</c>; null when that is not known.</param>
/// <param name="Function">The function of the caller's; null when it did not say.</param>
/// <param name="Reason">Why, in a word, such as <c>insufficient</c>.</param>
/// <param name="Count">How often.</param>
[Experimental(ApiTier.Stores)]
public sealed record RefusalCount(DateOnly Day, AgentId Agent, RunId? Run, string? Model, string? Function, string Reason, long Count);
