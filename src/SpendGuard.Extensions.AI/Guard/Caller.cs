namespace SpendGuard.Extensions.AI;

/// <summary>Who makes a call.</summary>
/// <param name="Agent">The agent; null where that cannot be told.</param>
/// <param name="Run">The run.</param>
/// <param name="Function">The function that the call is attributed to.</param>
/// <param name="CappedRun">The run with a cap that the call counts for besides; null for none.</param>
internal readonly record struct Caller(AgentId? Agent, RunId? Run, string? Function, SpendGuardRun? CappedRun);
