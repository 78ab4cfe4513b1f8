using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Reports;

/// <summary>Rows of reports to what they are made of.</summary>
internal static class ReportRows
{
    public static LedgerEntry ReadLine(NpgsqlDataReader row) => new()
    {
        Kind = StoredNames.ToKind(row.GetString(0)),
        Agent = new AgentId(row.GetString(1)),
        Spent = PostgresRows.Amount(row, 2),
        Held = PostgresRows.Amount(row, 3),
        Tokens = ReadTokens(row, 4),
        IsDryRun = row.GetBoolean(9),
        At = PostgresRows.Time(row, 10),
        Reservation = PostgresRows.Text(row, 11) is { } id ? new ReservationId(id) : (ReservationId?)null,
        Run = PostgresRows.Text(row, 12) is { } run ? new RunId(run) : (RunId?)null,
        Model = PostgresRows.Text(row, 13),
        Function = PostgresRows.Text(row, 14),
        Sequence = row.GetInt64(15),
        Amount = Money.Zero,
        HardLimit = Money.Zero,
        Granted = Money.Zero,
    };

    /// <summary>The tokens in five columns from one on; null where they are not known.</summary>
    public static TokenCounts? ReadTokens(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new TokenCounts(
        row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.GetInt64(column + 3), row.GetInt64(column + 4));

    public static RefusalCount ReadRefusal(NpgsqlDataReader row) => new(
        DateOnly.FromDayNumber(row.GetInt32(0)),
        new AgentId(row.GetString(1)),
        row.GetString(2) is { Length: > 0 } run ? new RunId(run) : (RunId?)null,
        row.GetString(3) is { Length: > 0 } model ? model : null,
        row.GetString(4) is { Length: > 0 } function ? function : null,
        row.GetString(5),
        row.GetInt64(6));
}
