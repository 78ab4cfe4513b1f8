using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A row of a report. What it is not of is null, and so is what its calls did not say.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ReportRow
{
    /// <summary>The agent.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>The group.</summary>
    public NodeId? Group { get; init; }

    /// <summary>The name of the agent or the group.</summary>
    public string? Name { get; init; }

    /// <summary>What was called, as <c>provider:model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The day, in UTC.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The run.</summary>
    public RunId? Run { get; init; }

    /// <summary>The function of the caller's.</summary>
    public string? Function { get; init; }

    /// <summary>How many calls were held for: a batch is one, and dry runs are none.</summary>
    public long Calls { get; init; }

    /// <summary>The tokens of those that were settled; null where nothing is known of any. Of forfeits nothing is, nor of what versions without counts have settled.</summary>
    public TokenCounts? Tokens { get; init; }

    /// <summary>What was booked as spent. A correction counts by its difference, when it was booked, so that it may be negative.</summary>
    public Money Cost { get; init; }

    /// <summary>What was held for those calls.</summary>
    public Money Held { get; init; }

    /// <summary>What came back of what was held, by ends and corrections.</summary>
    public Money GivenBack { get; init; }

    /// <summary>What of the cost is of calls whose cost nobody has told to this day.</summary>
    public Money Forfeited { get; init; }

    /// <summary>How many calls were refused, by reason, on the days that the window touches.</summary>
    public ImmutableSortedDictionary<string, long> Refusals { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>How many calls were refused, for whatever reason.</summary>
    public long Refused => Refusals.Values.Sum();

    /// <summary>Several rows as one, which is of none of what they are of.</summary>
    /// <exception cref="OverflowException">A sum is out of range.</exception>
    internal static ReportRow Sum(IEnumerable<ReportRow> rows) => rows.Aggregate(new ReportRow(), static (sum, row) => new ReportRow
    {
        Calls = checked(sum.Calls + row.Calls),
        Tokens = sum.Tokens is { } known ? known.Plus(row.Tokens ?? default) : row.Tokens,
        Cost = sum.Cost + row.Cost,
        Held = sum.Held + row.Held,
        GivenBack = sum.GivenBack + row.GivenBack,
        Forfeited = sum.Forfeited + row.Forfeited,
        Refusals = row.Refusals.Aggregate(sum.Refusals, static (all, one) => all.SetItem(one.Key, checked(all.GetValueOrDefault(one.Key) + one.Value))),
    });
}
