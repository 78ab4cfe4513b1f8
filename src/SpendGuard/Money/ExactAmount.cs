using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace SpendGuard;

/// <summary>An amount of money with its fraction of a microcent: what a line item of a bill comes to before the total is rounded.</summary>
/// <remarks>Arithmetic is checked.</remarks>
[Experimental(ApiTier.Adapters)]
public readonly record struct ExactAmount : IComparable<ExactAmount>, IComparisonOperators<ExactAmount, ExactAmount, bool>
{
    internal const long PicosPerMicrocent = 1_000_000_000_000;

    private ExactAmount(Int128 picos) => Picos = picos;

    /// <summary>Nothing.</summary>
    public static ExactAmount Zero => default;

    /// <summary>The amount in microcents; exact.</summary>
    /// <exception cref="OverflowException">The amount is beyond the range of <see cref="decimal"/>.</exception>
    public decimal Microcents => (decimal)Picos / PicosPerMicrocent;

    internal Int128 Picos { get; }

    /// <summary>The exact equivalent of a whole amount.</summary>
    public static ExactAmount From(Money money) => new((Int128)money.Microcents * PicosPerMicrocent);

    /// <summary>The amount as money, a fraction of a microcent rounded up.</summary>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public Money RoundUp()
    {
        var (whole, rest) = Int128.DivRem(Picos, PicosPerMicrocent);
        return Money.FromMicrocents(checked((long)(whole + (rest > 0 ? 1 : 0))));
    }

    /// <inheritdoc/>
    public int CompareTo(ExactAmount other) => Picos.CompareTo(other.Picos);

    /// <summary>The amount in microcents.</summary>
    public override string ToString() => Microcents.ToString("0.############", CultureInfo.InvariantCulture);

    internal static ExactAmount FromPicos(Int128 picos) => new(picos);

    /// <summary>The sum; checked.</summary>
    public static ExactAmount operator +(ExactAmount left, ExactAmount right) => new(checked(left.Picos + right.Picos));

    /// <summary>The difference; checked.</summary>
    public static ExactAmount operator -(ExactAmount left, ExactAmount right) => new(checked(left.Picos - right.Picos));

    /// <inheritdoc/>
    public static bool operator <(ExactAmount left, ExactAmount right) => left.Picos < right.Picos;

    /// <inheritdoc/>
    public static bool operator >(ExactAmount left, ExactAmount right) => left.Picos > right.Picos;

    /// <inheritdoc/>
    public static bool operator <=(ExactAmount left, ExactAmount right) => left.Picos <= right.Picos;

    /// <inheritdoc/>
    public static bool operator >=(ExactAmount left, ExactAmount right) => left.Picos >= right.Picos;
}
