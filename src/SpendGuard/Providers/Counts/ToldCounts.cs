using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;
using static SpendGuard.Providers.Counts.CountKind;

namespace SpendGuard.Providers.Counts;

/// <summary>What a usage says, number by number, and what in it is not understood. <see cref="Report"/> makes an account of it.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class ToldCounts
{
    private readonly long?[] _counts = new long?[Enum.GetValues<CountKind>().Length];

    /// <summary>What is stated to be charged in ten billionths of a dollar.</summary>
    internal Money? Ticks { get; private set; }

    /// <summary>The most that is stated in dollars to be charged.</summary>
    internal Money? Dollars { get; private set; }

    /// <summary>The name of a number that is not known and not zero; null for none.</summary>
    internal string? NotUnderstood { get; private set; }

    /// <summary>The name of something that is no count where one should be; null for none.</summary>
    internal string? Unreadable { get; private set; }

    /// <summary>A count; null where it is not told.</summary>
    internal long? this[CountKind kind] => _counts[(int)kind];

    /// <summary>Whether nothing has been told, not even something that cannot be read.</summary>
    internal bool IsEmpty => Ticks is null && Dollars is null && NotUnderstood is null && Unreadable is null && Array.TrueForAll(_counts, count => count is null);

    /// <summary>Takes in a count that an adapter hands on under a name.</summary>
    /// <param name="name">The name; before a dot stands the object that it was in.</param>
    /// <param name="count">The count; null where it is not told.</param>
    public void Tell(string name, long? count)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (count is not { } told)
        {
            return;
        }

        var at = name.IndexOf('.', StringComparison.Ordinal);
        var section = at < 0 ? "" : CountNames.SectionOf(name[..at]) ?? name[..at];
        Take(CountNames.KindOf(section, name[(at + 1)..]), name, told, isCount: told is >= 0 and <= OverlappingCounts.MostTokens);
    }

    /// <summary>What the counts say of the cost: the usage in disjoint categories, what is stated, and why that may be less than all.</summary>
    /// <param name="rules">How the provider counts.</param>
    public ProviderReport Report(CountRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return CountAccount.Of(this, rules);
    }

    /// <summary>Reads a usage as JSON.</summary>
    /// <param name="usage">The usage. What is no object cannot be read.</param>
    /// <param name="elsewhere">Objects and lists in it that the caller reads.</param>
    internal static ToldCounts Read(JsonElement usage, params string[] elsewhere)
    {
        var told = new ToldCounts();
        new CountReader(told, elsewhere).Read(usage);
        return told;
    }

    /// <summary>Takes in a number.</summary>
    /// <param name="kind">What it says; null where that is not known.</param>
    /// <param name="name">Its name.</param>
    /// <param name="count">The number.</param>
    /// <param name="isCount">Whether it is a count at all.</param>
    internal void Take(CountKind? kind, string name, long count, bool isCount)
    {
        switch (kind)
        {
            case NotBilled:
                break;
            case null when count == 0 && isCount:
                break;
            case null:
                NotUnderstood ??= name;
                break;
            case { } known when isCount:
                _counts[(int)known] = Dearer(known, this[known], count);
                break;
            default:
                Unreadable ??= name;
                break;
        }
    }

    internal void TakeTicks(Money? cost) => Ticks = Greater(Ticks, cost);

    internal void TakeDollars(Money? cost) => Dollars = Greater(Dollars, cost);

    internal void TakeNotUnderstood(string name) => NotUnderstood ??= name;

    internal void TakeUnreadable(string name) => Unreadable ??= name;

    /// <summary>These counts as those of a later report of the same call. What it leaves out is as it was.</summary>
    /// <param name="earlier">The earlier report; null for none.</param>
    /// <param name="mayShrink">Whether a later input or total may be less than the earlier one; else the greater is taken, as of outputs.</param>
    internal ToldCounts After(ToldCounts? earlier, bool mayShrink = false) => earlier is null ? this : Merge(
        earlier,
        (kind, count, before) => kind is Output || (!mayShrink && kind is Input or Total) ? Math.Max(count, before) : count,
        Unreadable,

        // What was stated while the answer went on is not the bill, but no more than it.
        Ticks,
        Greater(earlier.Ticks, Greater(earlier.Dollars, Dollars)));

    /// <summary>These counts and others that stand beside them for the same call.</summary>
    /// <param name="other">The others; null for none.</param>
    /// <param name="addOutput">Whether each has an output of its own, such as that of a choice; else both tell of the same.</param>
    internal ToldCounts And(ToldCounts? other, bool addOutput = false)
    {
        if (other is null)
        {
            return this;
        }

        var both = Merge(
            other,
            (kind, left, right) => addOutput && kind is Output or Reasoning or AudioOutput ? left + right : Dearer(kind, left, right),
            Unreadable ?? other.Unreadable,
            Greater(Ticks, other.Ticks),
            Greater(Dollars, other.Dollars));
        if (addOutput)
        {
            // Each total is of one of them.
            both._counts[(int)Total] = null;
        }

        return both;
    }

    private static Money? Greater(Money? left, Money? right) => left is { } one && right is { } other ? Money.Max(one, other) : left ?? right;

    /// <summary>Of two counts of the same: less from a cache, more of everything else.</summary>
    private static long Dearer(CountKind kind, long? told, long count) =>
        told is not { } other ? count : kind is CachedInput or CachedBeside ? Math.Min(other, count) : Math.Max(other, count);

    private ToldCounts Merge(ToldCounts other, Func<CountKind, long, long, long> merge, string? unreadable, Money? ticks, Money? dollars)
    {
        var merged = new ToldCounts
        {
            NotUnderstood = NotUnderstood ?? other.NotUnderstood,
            Unreadable = unreadable,
            Ticks = ticks,
            Dollars = dollars,
        };
        foreach (var kind in Enum.GetValues<CountKind>())
        {
            merged._counts[(int)kind] = this[kind] is { } count && other[kind] is { } before ? merge(kind, count, before) : this[kind] ?? other[kind];
        }

        return merged;
    }
}
