using System.Diagnostics;
using SpendGuard.Budgets;

namespace SpendGuard.Telemetry;

/// <summary>
/// By which agents metrics are told apart: the first that are met, as many as may be. Each is a time series for every model and outcome, and
/// callers can make as many agents as they like.
/// </summary>
/// <param name="most">How many; none where it is zero, and then no metric has the label.</param>
internal sealed class AgentLabels(int most)
{
    private const string Others = "(others)";

    private readonly HashSet<AgentId> _known = [];
    private readonly Lock _adding = new();

    /// <param name="tags">What it is added to.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="exists">Whether it is certain that there is such an agent. A caller can name any, and those must not take the places.</param>
    public void AddTo(ref TagList tags, AgentId agent, bool exists = true)
    {
        if (most > 0)
        {
            tags.Add(GenAINames.Agent, IsKnown(agent, exists) ? agent.Value : Others);
        }
    }

    /// <summary>Whether it is one of the first. Of one that holds money that does not change, so that what goes up by an agent comes down by the same.</summary>
    private bool IsKnown(AgentId agent, bool exists)
    {
        lock (_adding)
        {
            return _known.Contains(agent) || (exists && _known.Count < most && _known.Add(agent));
        }
    }
}
