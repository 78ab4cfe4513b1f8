using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>What reports ask of an open file.</summary>
/// <param name="database">The file.</param>
internal sealed class SqliteReports(sqlite3 database)
{
    /// <summary>How many lines are read between two looks at whether the caller has gone.</summary>
    private const int LinesAtOnce = 10_000;

    /// <summary>Gives a report all that it is made of. What it does not need is not read: there are many lines.</summary>
    public void Read(ReportFold fold, ReportQuery query, CancellationToken cancellationToken)
    {
        using var lines = new SqliteStatement(database, SqliteReportSql.ReadLines);
        var (kinds, texts) = (new TextCache<LedgerEntryKind>(StoredNames.ToKind), new TextCache<string>(static text => text));
        var (byRun, byModel, byFunction) = (Is(ReportBy.Run), Is(ReportBy.Model), Is(ReportBy.Function));
        var needsTime = Is(ReportBy.Day) || query is not { Since: null, Until: null };
        for (var read = 1; lines.Step(); read++)
        {
            fold.Add(lines.Read(ReadLine));
            if (read % LinesAtOnce == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        bool Is(ReportBy one) => (query.By & one) != ReportBy.All;

        ReportLine ReadLine(SqliteStatement row)
        {
            var kind = kinds.Of(row.Utf8(0));
            return new ReportLine
            {
                Kind = kind,
                Agent = texts.Of(row.Utf8(1)),
                Spent = row.Int64(2),
                Held = row.Int64(3),
                Tokens = kind is LedgerEntryKind.Settled or LedgerEntryKind.Corrected && !row.IsNull(4)
                    ? new TokenCounts(row.Int64(4), row.Int64(5), row.Int64(6), row.Int64(7), row.Int64(8))
                    : null,
                IsDryRun = kind is LedgerEntryKind.Reserved or LedgerEntryKind.Released && row.Int64(9) != 0,
                At = needsTime ? row.Time(10) : default,
                Reservation = kind is LedgerEntryKind.Forfeited or LedgerEntryKind.Corrected ? row.Text(11) : null,
                Run = byRun ? Text(row, 12) : null,
                Model = byModel ? Text(row, 13) : null,
                Function = byFunction ? Text(row, 14) : null,
            };
        }

        string? Text(SqliteStatement row, int column) => row.IsNull(column) ? null : texts.Of(row.Utf8(column));
    }

    public IReadOnlyList<RefusalCount> ReadRefusals()
    {
        using var refusals = new SqliteStatement(database, SqliteReportSql.ReadRefusals);
        return refusals.ReadAll(static row => new RefusalCount(
            DateOnly.FromDayNumber(checked((int)row.Int64(0))),
            new AgentId(row.RequiredText(1)),
            row.RequiredText(2) is { Length: > 0 } run ? new RunId(run) : (RunId?)null,
            row.RequiredText(3) is { Length: > 0 } model ? model : null,
            row.RequiredText(4) is { Length: > 0 } function ? function : null,
            row.RequiredText(5),
            row.Int64(6)));
    }

    public void Count(IReadOnlyList<RefusalCount> refusals)
    {
        using var count = new SqliteStatement(database, SqliteReportSql.CountRefusals);
        foreach (var refusal in refusals)
        {
            count.Bind(1, refusal.Day.DayNumber)
                .Bind(2, refusal.Agent.Value)
                .Bind(3, refusal.Run?.Value ?? "")
                .Bind(4, refusal.Model ?? "")
                .Bind(5, refusal.Function ?? "")
                .Bind(6, refusal.Reason)
                .Bind(7, refusal.Count)
                .Execute();
        }
    }
}
