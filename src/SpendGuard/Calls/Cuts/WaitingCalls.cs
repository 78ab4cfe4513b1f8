using System.Collections.Concurrent;
using SpendGuard.Budgets;

namespace SpendGuard.Calls.Cuts;

/// <summary>The calls that wait for something of this process, such as what their run may cost: no store refuses them when their agent is paused.</summary>
internal sealed class WaitingCalls
{
    private readonly ConcurrentDictionary<CallCut, AgentId> _calls = new();

    public bool IsEmpty => _calls.IsEmpty;

    public IEnumerable<AgentId> Agents => _calls.Values.Distinct();

    /// <summary>Takes note of a call that begins to wait; to be followed by <see cref="End"/>.</summary>
    /// <returns>What gives its waiting up when it is cut.</returns>
    public CallCut Begin(AgentId agent)
    {
        var cut = new CallCut();
        _calls[cut] = agent;
        return cut;
    }

    public void End(CallCut waiting) => _calls.TryRemove(waiting, out _);

    /// <summary>Ends the waiting of the agents that are below a paused node.</summary>
    public void Cut(IReadOnlyDictionary<AgentId, PausedNode> below)
    {
        foreach (var (waiting, agent) in _calls)
        {
            if (below.TryGetValue(agent, out var paused) && waiting.TryCut(paused))
            {
                _ = waiting.TellAsync();
            }
        }
    }
}
