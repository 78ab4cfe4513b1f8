using SpendGuard.Budgets;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Rows of requests for approval and of identical calls to records and back.</summary>
internal static class SqliteApprovalRows
{
    public static Approval ReadApproval(SqliteStatement row) => new()
    {
        Id = new ApprovalId(row.RequiredText(0)),
        Agent = new AgentId(row.RequiredText(1)),
        Node = new NodeId(row.RequiredText(2)),
        Limit = row.RequiredText(3),
        Number = checked((int)row.Int64(4)),
        Need = row.Money(5),
        Run = row.Text(6) is { } run ? new RunId(run) : (RunId?)null,
        Model = row.Text(7),
        AskedAt = row.Time(8),
        State = StoredNames.ToApprovalState(row.RequiredText(9)),
        DecidedAt = row.IsNull(10) ? null : row.Time(10),
        By = row.Text(11),
        Reason = row.Text(12),
        Added = row.Money(13),
        Until = row.IsNull(14) ? null : row.Time(14),
    };

    public static void Bind(SqliteStatement statement, Approval approval) => statement
        .Bind(1, approval.Id.Value)
        .Bind(2, approval.Agent.Value)
        .Bind(3, approval.Node.Value)
        .Bind(4, approval.Limit)
        .Bind(5, approval.Number)
        .Bind(6, approval.Need)
        .Bind(7, approval.Run?.Value)
        .Bind(8, approval.Model)
        .Bind(9, approval.AskedAt)
        .Bind(10, StoredNames.ToText(approval.State))
        .Bind(11, approval.DecidedAt?.UtcTicks)
        .Bind(12, approval.By)
        .Bind(13, approval.Reason)
        .Bind(14, approval.Added)
        .Bind(15, approval.Until?.UtcTicks);

    public static Streak ReadStreak(SqliteStatement row) => new(
        new AgentId(row.RequiredText(0)), new RunId(row.RequiredText(1)), new CallFingerprint(row.RequiredText(2)), checked((int)row.Int64(3)));

    public static void Bind(SqliteStatement statement, Streak streak) => statement
        .Bind(1, streak.Agent.Value)
        .Bind(2, streak.Run.Value)
        .Bind(3, streak.Fingerprint.Value)
        .Bind(4, streak.Count);

    /// <summary>The request for approval that a column names.</summary>
    public static ApprovalId? ReadId(SqliteStatement row, int column) => row.Text(column) is { } id ? new ApprovalId(id) : (ApprovalId?)null;
}
