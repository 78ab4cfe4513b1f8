using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Agents;

/// <summary>What people call agents, for what people read: looked up at the sidecar, once each.</summary>
/// <param name="sidecar">Where they are; null where ids will do, as for programs.</param>
internal sealed class AgentNames(SidecarClient? sidecar)
{
    /// <summary>More than stand on a screen; each takes a request.</summary>
    private const int Most = 50;

    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);

    /// <summary>Looks up those that are not known yet.</summary>
    public async Task LookUpAsync(IEnumerable<string?> agents, CancellationToken stop)
    {
        foreach (var agent in agents.OfType<string>().Distinct(StringComparer.Ordinal).Where(agent => !_names.ContainsKey(agent)).ToList())
        {
            if (sidecar is not null && _names.Count < Most)
            {
                _names[agent] = await FindAsync(sidecar, agent, stop);
            }
        }
    }

    /// <summary>Its name; where it has none or none is known, as much of its id as tells it apart.</summary>
    public string InShort(string agent) => _names.GetValueOrDefault(agent) ?? (agent.Length == 36 ? agent[..8] : agent);

    /// <summary>Its name, and the id that routes and commands take in any case.</summary>
    public string InFull(string agent) => _names.GetValueOrDefault(agent) is { } name ? $"{name} ({agent})" : agent;

    private static async Task<string?> FindAsync(SidecarClient sidecar, string agent, CancellationToken stop)
    {
        try
        {
            return (await sidecar.FindAgentAsync(agent, stop)).Body is var found && found.AgentId == agent ? found.Name : null;
        }
        catch (HttpFailureException)
        {
            // Deleted, or not for this key to see.
            return null;
        }
    }
}
