using SpendGuard.Calls.Runs;

namespace SpendGuard.Calls;

/// <summary>Whose budget calls wait for: an agent's or a run's.</summary>
/// <param name="Agent">The agent; null for a run.</param>
/// <param name="Run">The run; null for an agent.</param>
internal readonly record struct LineKey(AgentId? Agent, RunAccount? Run)
{
    public static implicit operator LineKey(AgentId agent) => new(agent, Run: null);

    public static implicit operator LineKey(RunAccount run) => new(Agent: null, run);
}
