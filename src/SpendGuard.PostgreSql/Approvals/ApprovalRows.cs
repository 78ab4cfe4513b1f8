using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Approvals;

/// <summary>Rows of requests for approval and of identical calls to records.</summary>
internal static class ApprovalRows
{
    public static Approval ReadApproval(NpgsqlDataReader row) => new()
    {
        Id = new ApprovalId(row.GetString(0)),
        Agent = new AgentId(row.GetString(1)),
        Node = new NodeId(row.GetString(2)),
        Limit = row.GetString(3),
        Number = row.GetInt32(4),
        Need = PostgresRows.Amount(row, 5),
        Run = PostgresRows.Text(row, 6) is { } run ? new RunId(run) : (RunId?)null,
        Model = PostgresRows.Text(row, 7),
        AskedAt = PostgresRows.Time(row, 8),
        State = StoredNames.ToApprovalState(row.GetString(9)),
        DecidedAt = row.IsDBNull(10) ? null : PostgresRows.Time(row, 10),
        By = PostgresRows.Text(row, 11),
        Reason = PostgresRows.Text(row, 12),
        Added = PostgresRows.Amount(row, 13),
        Until = row.IsDBNull(14) ? null : PostgresRows.Time(row, 14),
    };

    public static Streak ReadStreak(NpgsqlDataReader row) => new(
        new AgentId(row.GetString(0)), new RunId(row.GetString(1)), new CallFingerprint(row.GetString(2)), row.GetInt32(3));

    /// <summary>The request for approval that a column names.</summary>
    public static ApprovalId? ReadId(NpgsqlDataReader row, int column) => PostgresRows.Text(row, column) is { } id ? new ApprovalId(id) : (ApprovalId?)null;
}
