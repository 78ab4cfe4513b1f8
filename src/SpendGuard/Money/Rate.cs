using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace SpendGuard;

/// <summary>The exact price of one unit (a token, a call, a query) in microcents, fractions included.</summary>
/// <remarks>
/// A rate of <c>r</c> cents per million tokens is <c>r</c> microcents a token, so the figures of a price list can be used as they stand.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public readonly record struct Rate : IComparable<Rate>, IComparisonOperators<Rate, Rate, bool>
{
    /// <summary>The most decimals a rate can have.</summary>
    private const int Decimals = 12;
    private const decimal Limit = 1_000_000_000_000m;

    private readonly Int128 _picos;

    private Rate(Int128 picos) => _picos = picos;

    /// <summary>Free of charge.</summary>
    public static Rate Zero => default;

    /// <summary>The rate in microcents a unit; exact.</summary>
    public decimal Microcents => (decimal)_picos / ExactAmount.PicosPerMicrocent;

    /// <summary>A rate of so many microcents a unit, which is so many cents per million units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, above 1e12, or has more than twelve decimals.</exception>
    public static Rate FromMicrocents(decimal microcents)
    {
        if (microcents is < 0 or > Limit)
        {
            throw new ArgumentOutOfRangeException(nameof(microcents), microcents, "A rate lies between 0 and 1e12 microcents a unit.");
        }

        if (decimal.Round(microcents, Decimals) != microcents)
        {
            throw new ArgumentOutOfRangeException(nameof(microcents), microcents, "A rate has at most twelve decimals.");
        }

        return new Rate((Int128)(microcents * ExactAmount.PicosPerMicrocent));
    }

    /// <summary>A rate of so many cents a unit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="FromMicrocents"/>.</exception>
    public static Rate FromCents(decimal cents) => FromMicrocents(cents * 1_000_000m);

    /// <summary>The dearer of two rates.</summary>
    public static Rate Max(Rate left, Rate right) => left >= right ? left : right;

    /// <summary>The exact cost of a number of units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="OverflowException">The cost is out of range.</exception>
    public ExactAmount For(long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        return ExactAmount.FromPicos(checked(_picos * units));
    }

    /// <summary>The most whole units that an exact amount pays for: none when it is negative, else <see cref="long.MaxValue"/> when they are free.</summary>
    public long UnitsFor(ExactAmount amount) => amount.Picos < 0 ? 0
        : _picos == 0 ? long.MaxValue
        : (long)Int128.Min(amount.Picos / _picos, long.MaxValue);

    /// <summary>This rate times a factor, such as that of a service tier; exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The result is out of range or has more than twelve decimals.</exception>
    public Rate Times(decimal factor) => FromMicrocents(Microcents * factor);

    /// <summary>The rate multiplied by a factor; what is beyond twelve decimals is rounded up.</summary>
    internal Rate TimesRoundedUp(decimal factor)
    {
        var product = Microcents * factor;
        var rounded = decimal.Round(product, Decimals, MidpointRounding.ToPositiveInfinity);
        return FromMicrocents(rounded);
    }

    /// <summary>
    /// This rate of a part where what it is part of goes from one rate to another: as many times as dear, and never below either. What is
    /// beyond twelve decimals is rounded up.
    /// </summary>
    internal Rate Raised(Rate from, Rate to)
    {
        var least = Max(this, to);
        return from == Zero ? least
            : Max(least, FromMicrocents(decimal.Round(Microcents * to.Microcents / from.Microcents, Decimals, MidpointRounding.ToPositiveInfinity)));
    }

    /// <inheritdoc/>
    public int CompareTo(Rate other) => _picos.CompareTo(other._picos);

    /// <summary>The rate in microcents a unit.</summary>
    public override string ToString() => Microcents.ToString("0.############", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public static bool operator <(Rate left, Rate right) => left._picos < right._picos;

    /// <inheritdoc/>
    public static bool operator >(Rate left, Rate right) => left._picos > right._picos;

    /// <inheritdoc/>
    public static bool operator <=(Rate left, Rate right) => left._picos <= right._picos;

    /// <inheritdoc/>
    public static bool operator >=(Rate left, Rate right) => left._picos >= right._picos;
}
