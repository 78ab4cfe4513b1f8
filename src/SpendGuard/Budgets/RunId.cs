using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Names a run: a caller's id that groups calls and carries no state of its own.</summary>
public readonly record struct RunId
{
    private readonly string? _value;

    /// <summary>Takes an id of 1 to 200 visible characters.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or has a control character.</exception>
    public RunId(string value) => _value = Identifier.Validate(value, "run");

    /// <summary>The id as it was given.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not a run id.");

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="RunId(string)"/>.</exception>
    public static implicit operator RunId(string value) => new(value);

    /// <summary>Takes an id as a string.</summary>
    /// <exception cref="ArgumentException">As <see cref="RunId(string)"/>.</exception>
    public static RunId FromString(string value) => new(value);

    /// <summary>The id as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}
