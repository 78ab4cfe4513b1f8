using System.Globalization;
using System.Numerics;

namespace SpendGuard;

/// <summary>An amount of money in whole microcents: 1 cent is 1,000,000 microcents, 1 microcent is 1e-8 US dollars.</summary>
/// <remarks>
/// Arithmetic is checked: a result outside the range of a 64-bit integer throws <see cref="OverflowException"/> and never wraps.
/// An amount may be negative, as what remains of an overdrawn budget is.
/// </remarks>
public readonly record struct Money : IComparable<Money>,
    IAdditionOperators<Money, Money, Money>,
    ISubtractionOperators<Money, Money, Money>,
    IComparisonOperators<Money, Money, bool>
{
    private const long MicrocentsPerCent = 1_000_000;
    private const decimal MicrocentsPerDollar = 100_000_000m;

    private Money(long microcents) => Microcents = microcents;

    /// <summary>Nothing.</summary>
    public static Money Zero => default;

    /// <summary>The largest amount, about 92 billion dollars.</summary>
    public static Money MaxValue => new(long.MaxValue);

    /// <summary>The amount in microcents; exact.</summary>
    public long Microcents { get; }

    /// <summary>The amount in whole cents, rounded down: what a budget can still be said to have.</summary>
    public long CentsRoundedDown => Math.DivRem(Microcents, MicrocentsPerCent, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The amount in whole cents, rounded up: what a charge must be said to be.</summary>
    public long CentsRoundedUp => Math.DivRem(Microcents, MicrocentsPerCent, out var rest) + (rest > 0 ? 1 : 0);

    /// <summary>An amount of microcents.</summary>
    public static Money FromMicrocents(long microcents) => new(microcents);

    /// <summary>An amount of cents.</summary>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public static Money FromCents(long cents) => new(checked(cents * MicrocentsPerCent));

    /// <summary>An amount of US dollars.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount has a fraction of a microcent (more than eight decimals).</exception>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public static Money FromDollars(decimal dollars)
    {
        if (decimal.Abs(dollars) > long.MaxValue / MicrocentsPerDollar)
        {
            throw new OverflowException($"{dollars} dollars are more than an amount can hold.");
        }

        var microcents = dollars * MicrocentsPerDollar;
        if (decimal.Truncate(microcents) != microcents)
        {
            throw new ArgumentOutOfRangeException(nameof(dollars), dollars, "An amount has at most eight decimals of a dollar.");
        }

        return new Money(decimal.ToInt64(microcents));
    }

    /// <summary>The amount in US dollars; exact.</summary>
    public decimal ToDollars() => Microcents / MicrocentsPerDollar;

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Microcents.CompareTo(other.Microcents);

    /// <summary>The amount in dollars with at least two and at most eight decimals, such as <c>$0.000011</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Microcents < 0 ? "-" : "")}${decimal.Abs(ToDollars()):0.00######}");

    /// <summary>The sum; checked.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Microcents + right.Microcents));

    /// <summary>The difference; checked.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Microcents - right.Microcents));

    /// <inheritdoc/>
    public static bool operator <(Money left, Money right) => left.Microcents < right.Microcents;

    /// <inheritdoc/>
    public static bool operator >(Money left, Money right) => left.Microcents > right.Microcents;

    /// <inheritdoc/>
    public static bool operator <=(Money left, Money right) => left.Microcents <= right.Microcents;

    /// <inheritdoc/>
    public static bool operator >=(Money left, Money right) => left.Microcents >= right.Microcents;
}
