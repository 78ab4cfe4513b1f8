using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Names a reservation. The same id never takes effect twice.</summary>
public readonly record struct ReservationId
{
    private readonly string? _value;

    /// <summary>Takes an id of 1 to 200 visible characters.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or has a control character.</exception>
    public ReservationId(string value) => _value = Identifier.Validate(value, "reservation");

    /// <summary>The id as it was given.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not a reservation id.");

    /// <summary>A new id that sorts by the time it was made.</summary>
    public static ReservationId New() => new(Guid.CreateVersion7().ToString());

    /// <summary>The id as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}
