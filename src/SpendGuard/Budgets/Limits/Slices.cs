using System.Collections.Immutable;
using System.Globalization;

namespace SpendGuard.Budgets;

/// <summary>What a rolling window counts: amounts by slices of time, oldest first.</summary>
/// <remarks>
/// A window has sixty slices, and counts each that it has a part of as a whole: up to one slice's length too long, and never too little.
/// Slices of the future, by the clock that is asked, count as well. Those that no longer count are kept as long as they are among the newest:
/// they count again where the clock was ahead, and is set back. The length of the window is given with each question and is always the same:
/// what a slice is follows from it.
/// </remarks>
internal sealed class Slices : IEquatable<Slices>
{
    private const int OfAWindow = 60;

    // As many as two windows can have. By count and not by age, so that it makes no difference how far ahead a clock was.
    private const int Kept = 2 * (OfAWindow + 1);

    private readonly ImmutableArray<(long Index, Money Amount)> _slices;

    // Slices before this one have been dropped. Where a clock was set back, one may have begun anew since, with nothing in it from before.
    private readonly long _dropped;

    private Slices(long dropped, ImmutableArray<(long Index, Money Amount)> slices) => (_dropped, _slices) = (dropped, slices);

    /// <summary>Nothing is counted.</summary>
    public static Slices Empty { get; } = new(0, []);

    /// <summary>What <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static Slices Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries);
        var hasDropped = parts.Length > 0 && !parts[0].Contains(':');
        var slices = new Slices(hasDropped ? Number(parts[0]) : 0, [.. parts.Skip(hasDropped ? 1 : 0).Select(Slice)]);
        var isOrdered = slices._slices.Zip(slices._slices.Skip(1)).All(pair => pair.First.Index < pair.Second.Index);
        return isOrdered && slices._slices.All(slice => slice.Amount > Money.Zero) && slices.ToString() == text ? slices : throw Damaged();

        static (long, Money) Slice(string part) =>
            part.Split(':') is [var index, var amount] ? (Number(index), Money.FromMicrocents(Number(amount))) : throw Damaged();

        static long Number(string digits) =>
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged();

        static FormatException Damaged() => new("The slices of a rolling window are damaged: they are written as index:microcents;index:microcents.");
    }

    /// <summary>What counts in the window that ends at an instant.</summary>
    /// <exception cref="OverflowException">The sum is out of range.</exception>
    public Money CountedAt(DateTimeOffset now, TimeSpan length)
    {
        var oldest = Oldest(now, length);
        return Sum(_slices.Where(slice => slice.Index >= oldest));
    }

    /// <summary>These without those that no longer count, but for the newest.</summary>
    public Slices At(DateTimeOffset now, TimeSpan length)
    {
        var oldest = Oldest(now, length);
        var gone = Math.Min(_slices.Length - Kept, _slices.Count(slice => slice.Index < oldest));
        return gone <= 0 ? this : new Slices(Math.Max(_dropped, _slices[gone - 1].Index + 1), _slices[gone..]);
    }

    /// <summary>Books what a call costs, in place of what it was booked at before.</summary>
    /// <remarks>
    /// Where it costs no less, all of it counts from now on. Where it costs less, the difference is taken out of the slice that it was
    /// booked in, if that has not been dropped, and out of no other. Nothing is dropped here.
    /// </remarks>
    /// <param name="before">What it was booked at.</param>
    /// <param name="beforeAt">When, or null where it was not.</param>
    /// <param name="charge">What it costs.</param>
    /// <param name="now">When it is booked. It is booked no earlier than before.</param>
    /// <param name="length">The length of the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount is negative.</exception>
    /// <exception cref="OverflowException">A slice's amount is out of range.</exception>
    public Slices Book(Money before, DateTimeOffset? beforeAt, Money charge, DateTimeOffset now, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(before, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(charge, Money.Zero);
        if (beforeAt is not { } booked)
        {
            return With(Index(now, length), charge);
        }

        var slice = Index(booked, length);
        return charge < before
            ? Without(slice, before - charge)
            : Without(slice, before).With(Math.Max(slice, Index(now, length)), charge);
    }

    /// <summary>The first instant at which no more than an amount counts, if nothing else is booked; null when it is so now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative: so little never counts.</exception>
    public DateTimeOffset? FreeAt(Money atMost, DateTimeOffset now, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, Money.Zero);
        var counted = CountedAt(now, length);
        var oldest = Oldest(now, length);
        DateTimeOffset? free = null;
        foreach (var (index, amount) in _slices.Where(slice => slice.Index >= oldest))
        {
            if (counted <= atMost)
            {
                break;
            }

            counted -= amount;
            free = GoneAt(index, length);
        }

        return free;
    }

    /// <summary>The text form for stores: <c>index:microcents;index:microcents</c>, led by the first index that was not dropped, if any was.</summary>
    public override string ToString() => string.Join(';', _slices
        .Select(slice => string.Create(CultureInfo.InvariantCulture, $"{slice.Index}:{slice.Amount.Microcents}"))
        .Prepend(_dropped > 0 ? _dropped.ToString(CultureInfo.InvariantCulture) : "")
        .Where(part => part.Length > 0));

    /// <inheritdoc/>
    public bool Equals(Slices? other) => other is not null && _dropped == other._dropped && _slices.AsSpan().SequenceEqual(other._slices.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Slices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_dropped, _slices.Length, _slices.LastOrDefault());

    private Slices With(long index, Money amount)
    {
        var at = Find(index);
        return new Slices(_dropped, at >= 0
            ? _slices.SetItem(at, (index, _slices[at].Amount + amount))
            : amount == Money.Zero ? _slices : _slices.Insert(~at, (index, amount)));
    }

    private Slices Without(long index, Money amount)
    {
        var at = Find(index);
        if (at < 0 || index < _dropped)
        {
            return this;
        }

        var left = _slices[at].Amount - amount;
        return new Slices(_dropped, left > Money.Zero ? _slices.SetItem(at, (index, left)) : _slices.RemoveAt(at));
    }

    private int Find(long index) => _slices.AsSpan().BinarySearch(new ByIndex(index));

    private static Money Sum(IEnumerable<(long Index, Money Amount)> slices) =>
        slices.Aggregate(Money.Zero, (sum, slice) => sum + slice.Amount);

    // Rounded up, so that sixty are no shorter than the window.
    private static long SliceTicks(TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        return (length.Ticks / OfAWindow) + (length.Ticks % OfAWindow > 0 ? 1 : 0);
    }

    private static long Index(DateTimeOffset at, TimeSpan length) => at.UtcTicks / SliceTicks(length);

    // The slice of the window's first tick; the window begins after `now - length`.
    private static long Oldest(DateTimeOffset now, TimeSpan length) => Math.Max(0, now.UtcTicks - length.Ticks + 1) / SliceTicks(length);

    private static DateTimeOffset GoneAt(long index, TimeSpan length)
    {
        var ticks = ((Int128)index + 1) * SliceTicks(length) + length.Ticks - 1;
        return new DateTimeOffset((long)Int128.Min(ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    private readonly record struct ByIndex(long Index) : IComparable<(long Index, Money Amount)>
    {
        public int CompareTo((long Index, Money Amount) other) => Index.CompareTo(other.Index);
    }
}
