namespace SpendGuard.Budgets;

/// <summary>What a report needs to know of an entry of the ledger.</summary>
internal readonly record struct ReportLine
{
    public required DateTimeOffset At { get; init; }

    public required LedgerEntryKind Kind { get; init; }

    public string? Agent { get; init; }

    public string? Reservation { get; init; }

    public string? Run { get; init; }

    public string? Model { get; init; }

    public string? Function { get; init; }

    public long Amount { get; init; }

    public TokenCounts? Tokens { get; init; }

    public bool IsDryRun { get; init; }

    public static ReportLine Of(LedgerEntry entry) => new()
    {
        At = entry.At,
        Kind = entry.Kind,
        Agent = entry.Agent?.Value,
        Reservation = entry.Reservation?.Value,
        Run = entry.Run?.Value,
        Model = entry.Model,
        Function = entry.Function,
        Amount = entry.Amount.Microcents,
        Tokens = entry.Tokens,
        IsDryRun = entry.IsDryRun,
    };
}
