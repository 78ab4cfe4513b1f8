using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>What reports ask of an open file.</summary>
/// <param name="database">The file.</param>
internal sealed class SqliteReports(sqlite3 database)
{
    /// <summary>How many lines are read between two looks at whether the caller has gone.</summary>
    private const int LinesAtOnce = 10_000;

    /// <summary>Gives a report all that it is made of.</summary>
    public void Read(ReportFold fold, ReportBy by, CancellationToken cancellationToken)
    {
        using var lines = new SqliteStatement(database, SqliteReportSql.ReadLines);
        var (kinds, texts) = (new TextCache<LedgerEntryKind>(StoredNames.ToKind), new TextCache<string>(static text => text));
        var (byRun, byModel, byFunction) = ((by & ReportBy.Run) != 0, (by & ReportBy.Model) != 0, (by & ReportBy.Function) != 0);
        for (var read = 1; lines.Step(); read++)
        {
            fold.Add(lines.Read(ReadLine));
            if (read % LinesAtOnce == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        ReportLine ReadLine(SqliteStatement row) => new()
        {
            At = row.Time(0),
            Kind = kinds.Of(row.Utf8(1)),
            Agent = Text(row, 2, isWanted: true),
            Reservation = row.Text(3),
            Amount = row.Int64(4),
            Tokens = row.IsNull(5) ? null : new TokenCounts(row.Int64(5), row.Int64(6), row.Int64(7), row.Int64(8), row.Int64(9)),
            IsDryRun = row.Int64(10) != 0,
            Run = Text(row, 11, byRun),
            Model = Text(row, 12, byModel),
            Function = Text(row, 13, byFunction),
        };

        string? Text(SqliteStatement row, int column, bool isWanted) => !isWanted || row.IsNull(column) ? null : texts.Of(row.Utf8(column));
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
