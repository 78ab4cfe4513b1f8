using System.Runtime.InteropServices;

namespace SpendGuard.Budgets;

/// <summary>What a report needs to know of an entry of the ledger that is about a call.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReportLine
{
    /// <summary>When; whatever it is where a report has neither a window nor days.</summary>
    public DateTimeOffset At { get; init; }

    public required LedgerEntryKind Kind { get; init; }

    public required string Agent { get; init; }

    /// <summary>The reservation of a forfeit or of its correction; of other entries it is of no use.</summary>
    public string? Reservation { get; init; }

    /// <summary>The run, where the report is by runs; so with the others below.</summary>
    public string? Run { get; init; }

    public string? Model { get; init; }

    public string? Function { get; init; }

    /// <summary>What the agent has spent after it, in microcents.</summary>
    public required long Spent { get; init; }

    /// <summary>What it holds after it, in microcents.</summary>
    public required long Held { get; init; }

    public TokenCounts? Tokens { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>The line of an entry; null where it is about no call.</summary>
    public static ReportLine? Of(LedgerEntry entry) => entry is not { Agent: { } agent, Reservation: { } reservation } ? null : new ReportLine
    {
        At = entry.At,
        Kind = entry.Kind,
        Agent = agent.Value,
        Reservation = reservation.Value,
        Run = entry.Run?.Value,
        Model = entry.Model,
        Function = entry.Function,
        Spent = entry.Spent.Microcents,
        Held = entry.Held.Microcents,
        Tokens = entry.Tokens,
        IsDryRun = entry.IsDryRun,
    };
}
