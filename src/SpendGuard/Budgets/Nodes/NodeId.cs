using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Names a node of the tree of budgets: an agent, or a group above agents. Both share one set of ids.</summary>
public readonly record struct NodeId
{
    private readonly string? _value;

    /// <summary>Takes an id of 1 to 200 visible characters.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or has a control character.</exception>
    public NodeId(string value) => _value = Identifier.Validate(value, "node");

    /// <summary>The id as it was given.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not a node id.");

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="NodeId(string)"/>.</exception>
    public static implicit operator NodeId(string value) => new(value);

    /// <summary>An agent is a node.</summary>
    /// <exception cref="InvalidOperationException">It is the default value, which is no id.</exception>
    public static implicit operator NodeId(AgentId agent) => new(agent.Value);

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="NodeId(string)"/>.</exception>
    public static NodeId FromString(string value) => new(value);

    /// <summary>An agent is a node.</summary>
    /// <exception cref="InvalidOperationException">It is the default value, which is no id.</exception>
    public static NodeId FromAgentId(AgentId agent) => new(agent.Value);

    /// <summary>The id as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}
