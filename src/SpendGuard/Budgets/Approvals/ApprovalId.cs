namespace SpendGuard.Budgets;

/// <summary>Names a request for approval.</summary>
public readonly record struct ApprovalId
{
    private readonly string? _value;

    /// <summary>Takes an id of 1 to 200 visible characters.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or has a control character.</exception>
    public ApprovalId(string value) => _value = Identifier.Validate(value, "approval");

    /// <summary>The id as it was given.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not an approval id.");

    /// <summary>The id as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}
