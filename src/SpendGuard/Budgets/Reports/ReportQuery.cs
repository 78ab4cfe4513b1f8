using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a report is asked for.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ReportQuery
{
    /// <summary>What has a row of its own.</summary>
    public ReportBy By { get; init; } = ReportBy.Agent;

    /// <summary>The first moment of what was booked; null for the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The first moment after it; null for none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether something of that moment is in it.</summary>
    [Experimental(ApiTier.Stores)]
    public bool Contains(DateTimeOffset at) => !(at < Since) && !(at >= Until);

    /// <summary>Whether some of a day is in it. Refusals are counted by the day, so all of the day's are.</summary>
    [Experimental(ApiTier.Stores)]
    public bool Touches(DateOnly day)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return !(start >= Until) && !(day < DateOnly.MaxValue && start.AddDays(1) <= Since);
    }
}
