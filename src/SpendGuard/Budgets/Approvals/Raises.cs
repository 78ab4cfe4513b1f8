using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SpendGuard.Budgets;

/// <summary>The raises of one limit; of a budget, also what is owed of those that have ended. Two of the same are equal.</summary>
[Experimental(ApiTier.Stores)]
[SuppressMessage("Naming", "CA1710", Justification = "It is a value, whose parts can be gone through.")]
public sealed class Raises : IReadOnlyList<Raise>, IEquatable<Raises>
{
    private readonly Raise[] _raises;

    /// <summary>Takes them in their order.</summary>
    [Experimental(ApiTier.Stores)]
    public Raises(IEnumerable<Raise> raises) => _raises = [.. raises];

    /// <summary>None.</summary>
    public static Raises None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _raises.Length;

    /// <inheritdoc/>
    public Raise this[int index] => _raises[index];

    /// <summary>What they add together.</summary>
    public Money Total => Sum(_raises);

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    /// <param name="text">The text; null for none.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    [Experimental(ApiTier.Stores)]
    public static Raises Parse(string? text)
    {
        try
        {
            return text is null ? None : new Raises(text.Split(',').Select(ParseOne));
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new FormatException("The raises of a limit cannot be read.", exception);
        }
    }

    /// <summary>As a store can keep them: microcents and the ticks of the end, <c>500000000@638…,200000000</c>; null for none.</summary>
    [Experimental(ApiTier.Stores)]
    public string? ToText() => _raises.Length == 0 ? null : string.Join(',', _raises.Select(static raise => raise.Until is { } until
        ? string.Create(CultureInfo.InvariantCulture, $"{raise.Amount.Microcents}@{until.UtcTicks}")
        : raise.Amount.Microcents.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public bool Equals(Raises? other) => other is not null && _raises.AsSpan().SequenceEqual(other._raises);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Raises);

    /// <inheritdoc/>
    public override int GetHashCode() => _raises.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => ToText() ?? "";

    /// <inheritdoc/>
    public IEnumerator<Raise> GetEnumerator() => ((IEnumerable<Raise>)_raises).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// What was added to a budget, or granted by a limit that was higher, and is spent or held although it is granted no more. It is taken back from
    /// whatever becomes free, and a top-up makes up for it first.
    /// </summary>
    public Money Owed => Sum(_raises.Where(IsOwed));

    /// <summary>What those add that were not found to have ended.</summary>
    public Money Lasting => Sum(_raises.Where(static raise => !IsOwed(raise)));

    /// <summary>Those that have not ended at a time.</summary>
    internal Raises At(DateTimeOffset now) => Array.TrueForAll(_raises, raise => !(raise.Until <= now))
        ? this
        : new Raises(_raises.Where(raise => !(raise.Until <= now)));

    /// <summary>What those have added that have ended at a time, and was not taken back.</summary>
    internal Money EndedAt(DateTimeOffset now) => Sum(_raises.Where(raise => raise.Until <= now));

    /// <summary>
    /// Those that go on when a limit is set anew, to an amount: those that end by themselves, without what is owed. None where that is nothing,
    /// which is to stop the next call at once.
    /// </summary>
    internal Raises Outlasting(Money amount) => amount == Money.Zero
        ? None
        : new Raises(_raises.Where(static raise => raise.Until is not null && !IsOwed(raise)));

    /// <summary>These, and an amount that is to be taken back once it is free.</summary>
    internal Raises Owing(Money owed) => owed == Money.Zero ? this : new Raises([.. _raises, new Raise(owed, DateTimeOffset.MinValue)]);

    /// <summary>These and one more.</summary>
    internal Raises With(Raise raise) => new([.. _raises, raise]);

    private static bool IsOwed(Raise raise) => raise.Until == DateTimeOffset.MinValue;

    private static Money Sum(IEnumerable<Raise> raises) => raises.Aggregate(Money.Zero, static (sum, raise) => sum + raise.Amount);

    private static Raise ParseOne(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var amount = Money.FromMicrocents(Number(at < 0 ? text : text[..at]));
        return new Raise(amount, at < 0 ? null : new DateTimeOffset(Number(text[(at + 1)..]), TimeSpan.Zero));
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
