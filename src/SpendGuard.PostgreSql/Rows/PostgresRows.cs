using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.PostgreSql.Reports;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Rows;

/// <summary>Rows to records.</summary>
internal static class PostgresRows
{
    public static Agent ReadAgent(NpgsqlDataReader row) => new()
    {
        Id = new AgentId(row.GetString(0)),
        Name = Text(row, 1),
        CreatedAt = Time(row, 2),
        DeletedAt = row.IsDBNull(3) ? null : Time(row, 3),
        Parent = Text(row, 4) is { } parent ? new NodeId(parent) : (NodeId?)null,
        Pause = row.IsDBNull(5) ? null : new Pause(Text(row, 6), Text(row, 7), Time(row, 5)),
    };

    public static Budget ReadBudget(NpgsqlDataReader row) => new()
    {
        Agent = new AgentId(row.GetString(0)),
        HardLimit = Amount(row, 1),
        Granted = Amount(row, 2),
        Spent = Amount(row, 3),
        Held = Amount(row, 4),
        MaxInFlight = row.IsDBNull(5) ? null : row.GetInt32(5),
        InFlight = row.GetInt32(6),
        Closed = row.GetBoolean(7),
        MaxCallShare = row.IsDBNull(8) ? null : row.GetInt32(8),
        Batches = row.GetInt32(9),
        IsSet = row.GetBoolean(10),
        Action = StoredNames.ToAction(row.GetString(11)),
        Thresholds = AlertThresholds.Parse(Text(row, 12)),
        Raises = Raises.Parse(Text(row, 13)),
        Approval = ApprovalRows.ReadId(row, 14),
    };

    public static Reservation ReadReservation(NpgsqlDataReader row) => new()
    {
        Id = new ReservationId(row.GetString(0)),
        Agent = new AgentId(row.GetString(1)),
        Run = Text(row, 2) is { } run ? new RunId(run) : (RunId?)null,
        Model = Text(row, 3),
        Floor = Amount(row, 4),
        Ceiling = Amount(row, 5),
        Held = Amount(row, 6),
        End = StoredNames.ToEnd(Text(row, 7)),
        Charged = Amount(row, 8),
        CreatedAt = Time(row, 9),
        ExpiresAt = Time(row, 10),
        Function = Text(row, 11),
        Unbounded = Text(row, 12),
        Requests = row.IsDBNull(13) ? null : row.GetInt32(13),
        Name = Text(row, 14),
        Cards = Text(row, 15),
        Accounts = AccountKeys.Parse(Text(row, 16)),
        EndedAt = row.IsDBNull(17) ? null : Time(row, 17),
    };

    public static LedgerEntry ReadEntry(NpgsqlDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        At = Time(row, 1),
        Kind = StoredNames.ToKind(row.GetString(2)),
        Agent = Text(row, 3) is { } agent ? new AgentId(agent) : (AgentId?)null,
        Reservation = Text(row, 4) is { } id ? new ReservationId(id) : (ReservationId?)null,
        Run = Text(row, 5) is { } run ? new RunId(run) : (RunId?)null,
        Model = Text(row, 6),
        Amount = Amount(row, 7),
        HardLimit = Amount(row, 8),
        Granted = Amount(row, 9),
        Spent = Amount(row, 10),
        Held = Amount(row, 11),
        IdempotencyKey = Text(row, 12),
        Content = Text(row, 13),
        Function = Text(row, 14),
        Unbounded = Text(row, 15),
        Group = Text(row, 16) is { } group ? new NodeId(group) : (NodeId?)null,
        Limit = Text(row, 17),
        Under = Text(row, 18) is { } under ? new NodeId(under) : (NodeId?)null,
        By = Text(row, 19),
        Reason = Text(row, 20),
        Raised = Amount(row, 21),
        Tokens = ReportRows.ReadTokens(row, 22),
        IsDryRun = row.GetBoolean(27),
        Added = row.IsDBNull(28) ? null : Amount(row, 28),
    };

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Money Amount(NpgsqlDataReader row, int column) => Money.FromMicrocents(row.GetInt64(column));

    public static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
