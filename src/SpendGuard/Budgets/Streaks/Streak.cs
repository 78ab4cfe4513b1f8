using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>The call that a run made last, and how many times in a row it has been the same.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Run">The run.</param>
/// <param name="Fingerprint">The fingerprint of the call.</param>
/// <param name="Count">How many times in a row; 0 once that has paused the agent, so that they are counted anew after it.</param>
[Experimental(ApiTier.Stores)]
public sealed record Streak(AgentId Agent, RunId Run, CallFingerprint Fingerprint, int Count)
{
    /// <summary>Its name.</summary>
    public StreakKey Key => new(Agent, Run);
}

/// <summary>Names a streak: a run has one.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Run">The run.</param>
[Experimental(ApiTier.Stores)]
public readonly record struct StreakKey(AgentId Agent, RunId Run);
