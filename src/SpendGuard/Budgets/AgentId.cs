using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Names an agent: an isolated budget domain.</summary>
public readonly record struct AgentId
{
    private readonly string? _value;

    /// <summary>Takes an id of 1 to 200 visible characters.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or has a control character.</exception>
    public AgentId(string value) => _value = Identifier.Validate(value, "agent");

    /// <summary>The id as it was given.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not an agent id.");

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="AgentId(string)"/>.</exception>
    public static implicit operator AgentId(string value) => new(value);

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="AgentId(string)"/>.</exception>
    public static AgentId FromString(string value) => new(value);

    /// <summary>The id as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}
