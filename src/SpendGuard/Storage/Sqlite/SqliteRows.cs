using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Rows to records and back.</summary>
internal static class SqliteRows
{
    public static Agent ReadAgent(SqliteStatement row) => new()
    {
        Id = new AgentId(row.RequiredText(0)),
        Name = row.Text(1),
        CreatedAt = row.Time(2),
        DeletedAt = row.IsNull(3) ? null : row.Time(3),
        Parent = row.Text(4) is { } parent ? new NodeId(parent) : (NodeId?)null,
        Pause = row.IsNull(5) ? null : new Pause(row.Text(6), row.Text(7), row.Time(5)),
    };

    public static Budget ReadBudget(SqliteStatement row) => new()
    {
        Agent = new AgentId(row.RequiredText(0)),
        HardLimit = row.Money(1),
        Granted = row.Money(2),
        Spent = row.Money(3),
        Held = row.Money(4),
        MaxInFlight = row.IsNull(5) ? null : checked((int)row.Int64(5)),
        InFlight = checked((int)row.Int64(6)),
        Closed = row.Int64(7) != 0,
        MaxCallShare = row.IsNull(8) ? null : checked((int)row.Int64(8)),
        Batches = checked((int)row.Int64(9)),
        IsSet = row.Int64(10) != 0,
        Action = StoredNames.ToAction(row.RequiredText(11)),
        Thresholds = AlertThresholds.Parse(row.Text(12)),
        Raises = Raises.Parse(row.Text(13)),
        Approval = SqliteApprovalRows.ReadId(row, 14),
    };

    public static void Bind(SqliteStatement statement, Budget budget) => statement
        .Bind(1, budget.Agent.Value)
        .Bind(2, budget.HardLimit)
        .Bind(3, budget.Granted)
        .Bind(4, budget.Spent)
        .Bind(5, budget.Held)
        .Bind(6, budget.MaxInFlight)
        .Bind(7, budget.InFlight)
        .Bind(8, budget.Closed ? 1 : 0)
        .Bind(9, budget.MaxCallShare)
        .Bind(10, budget.Batches)
        .Bind(11, budget.IsSet ? 1 : 0)
        .Bind(12, StoredNames.ToText(budget.Action))
        .Bind(13, budget.Thresholds.ToText())
        .Bind(14, budget.Raises.ToText())
        .Bind(15, budget.Approval?.Value);

    public static Reservation ReadReservation(SqliteStatement row) => new()
    {
        Id = new ReservationId(row.RequiredText(0)),
        Agent = new AgentId(row.RequiredText(1)),
        Run = row.Text(2) is { } run ? new RunId(run) : (RunId?)null,
        Model = row.Text(3),
        Floor = row.Money(4),
        Ceiling = row.Money(5),
        Held = row.Money(6),
        End = StoredNames.ToEnd(row.Text(7)),
        Charged = row.Money(8),
        CreatedAt = row.Time(9),
        ExpiresAt = row.Time(10),
        Function = row.Text(11),
        Unbounded = row.Text(12),
        Requests = row.IsNull(13) ? null : checked((int)row.Int64(13)),
        Name = row.Text(14),
        Cards = row.Text(15),
        Accounts = AccountKeys.Parse(row.Text(16)),
        EndedAt = row.IsNull(17) ? null : row.Time(17),
    };

    public static void Bind(SqliteStatement statement, Reservation reservation) => statement
        .Bind(1, reservation.Id.Value)
        .Bind(2, reservation.Agent.Value)
        .Bind(3, reservation.Run?.Value)
        .Bind(4, reservation.Model)
        .Bind(5, reservation.Floor)
        .Bind(6, reservation.Ceiling)
        .Bind(7, reservation.Held)
        .Bind(8, StoredNames.ToText(reservation.End))
        .Bind(9, reservation.Charged)
        .Bind(10, reservation.CreatedAt)
        .Bind(11, reservation.ExpiresAt)
        .Bind(12, reservation.Function)
        .Bind(13, reservation.Unbounded)
        .Bind(14, reservation.Requests)
        .Bind(15, reservation.Name)
        .Bind(16, reservation.Cards)
        .Bind(17, reservation.Accounts.ToText())
        .Bind(18, reservation.EndedAt?.UtcTicks);

    public static LedgerEntry ReadEntry(SqliteStatement row) => new()
    {
        Sequence = row.Int64(0),
        At = row.Time(1),
        Kind = StoredNames.ToKind(row.RequiredText(2)),
        Agent = row.Text(3) is { } agent ? new AgentId(agent) : (AgentId?)null,
        Reservation = row.Text(4) is { } id ? new ReservationId(id) : (ReservationId?)null,
        Run = row.Text(5) is { } run ? new RunId(run) : (RunId?)null,
        Model = row.Text(6),
        Amount = row.Money(7),
        HardLimit = row.Money(8),
        Granted = row.Money(9),
        Spent = row.Money(10),
        Held = row.Money(11),
        IdempotencyKey = row.Text(12),
        Content = row.Text(13),
        Function = row.Text(14),
        Unbounded = row.Text(15),
        Group = row.Text(16) is { } group ? new NodeId(group) : (NodeId?)null,
        Limit = row.Text(17),
        Under = row.Text(18) is { } under ? new NodeId(under) : (NodeId?)null,
        By = row.Text(19),
        Reason = row.Text(20),
        Raised = row.Money(21),
        Tokens = row.IsNull(22) ? null : new TokenCounts(row.Int64(22), row.Int64(23), row.Int64(24), row.Int64(25), row.Int64(26)),
        IsDryRun = row.Int64(27) != 0,
        Added = row.IsNull(28) ? null : row.Money(28),
    };

    public static void Bind(SqliteStatement statement, LedgerEntry entry) => statement
        .Bind(1, entry.At)
        .Bind(2, StoredNames.ToText(entry.Kind))
        .Bind(3, entry.Agent?.Value)
        .Bind(4, entry.Reservation?.Value)
        .Bind(5, entry.Run?.Value)
        .Bind(6, entry.Model)
        .Bind(7, entry.Amount)
        .Bind(8, entry.HardLimit)
        .Bind(9, entry.Granted)
        .Bind(10, entry.Spent)
        .Bind(11, entry.Held)
        .Bind(12, entry.IdempotencyKey)
        .Bind(13, entry.Content)
        .Bind(14, entry.Function)
        .Bind(15, entry.Unbounded)
        .Bind(16, entry.Group?.Value)
        .Bind(17, entry.Limit)
        .Bind(18, entry.Under?.Value)
        .Bind(19, entry.By)
        .Bind(20, entry.Reason)
        .Bind(21, entry.Raised)
        .Bind(22, entry.Tokens?.Input)
        .Bind(23, entry.Tokens?.CacheRead)
        .Bind(24, entry.Tokens?.CacheWrite)
        .Bind(25, entry.Tokens?.Output)
        .Bind(26, entry.Tokens?.Reasoning)
        .Bind(27, entry.IsDryRun ? 1 : 0)
        .Bind(28, entry.Added?.Microcents);

    public static AgentKey ReadKey(SqliteStatement row) => new()
    {
        Id = row.RequiredText(0),
        Agent = new AgentId(row.RequiredText(1)),
        Name = row.Text(2),
        CreatedAt = row.Time(3),
        RevokedAt = row.IsNull(4) ? null : row.Time(4),
    };
}
