using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>The agent that chat options carry: for the guard, which takes it out before it prices and sends them.</summary>
internal static class CarriedAgent
{
    private const string Key = "spendguard.agent";

    /// <summary>A copy of options that carries an agent.</summary>
    public static ChatOptions Put(ChatOptions options, AgentId agent)
    {
        var carrying = options.Clone();
        carrying.AdditionalProperties ??= [];
        carrying.AdditionalProperties[Key] = agent.Value;
        return carrying;
    }

    /// <summary>The agent that options carry; null where they carry none.</summary>
    /// <exception cref="ArgumentException">What they carry is no id.</exception>
    public static AgentId? Of(ChatOptions? options)
    {
        object? carried = null;
        options?.AdditionalProperties?.TryGetValue(Key, out carried);
        return carried switch
        {
            null => (AgentId?)null,
            string id => new AgentId(id),
            AgentId id => id,
            _ => throw new ArgumentException($"The additional property {Key} is to be the id of an agent. Set it with options.ForAgent(…).", nameof(options)),
        };
    }

    /// <summary>Takes the agent out of options that are the guard's own.</summary>
    public static AgentId? Take(ChatOptions options)
    {
        var agent = Of(options);
        if (options.AdditionalProperties is { } properties && properties.Remove(Key) && properties.Count == 0)
        {
            options.AdditionalProperties = null;
        }

        return agent;
    }
}
