using SpendGuard.Budgets;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Rows of nodes, limits and accounts to records and back.</summary>
internal static class SqliteTreeRows
{
    public static Node ReadNode(SqliteStatement row) => new()
    {
        Id = new NodeId(row.RequiredText(0)),
        Kind = StoredNames.ToNodeKind(row.RequiredText(1)),
        Name = row.Text(2),
        Parent = row.Text(3) is { } parent ? new NodeId(parent) : (NodeId?)null,
        Pause = row.IsNull(4) ? null : new Pause(row.Text(5), row.Text(6), row.Time(4)),
        CreatedAt = row.Time(7),
        DeletedAt = row.IsNull(8) ? null : row.Time(8),
        IdenticalCalls = row.IsNull(9) ? null : checked((int)row.Int64(9)),
    };

    public static void Bind(SqliteStatement statement, Node node) => statement
        .Bind(1, node.Id.Value)
        .Bind(2, StoredNames.ToText(node.Kind))
        .Bind(3, node.Name)
        .Bind(4, node.Parent?.Value)
        .Bind(5, node.Pause?.At.UtcTicks)
        .Bind(6, node.Pause?.By)
        .Bind(7, node.Pause?.Reason)
        .Bind(8, node.CreatedAt)
        .Bind(9, node.DeletedAt?.UtcTicks)
        .Bind(10, node.IdenticalCalls);

    public static LimitState ReadLimit(SqliteStatement row) => new(
        StoredNames.ToLimit(row.RequiredText(0), row.Text(1), row.Money(2), row.RequiredText(3), row.Text(4)),
        row.IsNull(5) ? null : ReadAccount(row, first: 5));

    public static void Bind(SqliteStatement statement, NodeId node, Limit limit) => statement
        .Bind(1, node.Value)
        .Bind(2, limit.Window.Name)
        .Bind(3, limit.Window.Zone)
        .Bind(4, limit.Amount)
        .Bind(5, StoredNames.ToText(limit.Action))
        .Bind(6, limit.Thresholds.ToText());

    public static Account ReadAccount(SqliteStatement row, int first = 0) => new()
    {
        Node = new NodeId(row.RequiredText(first)),
        Limit = row.RequiredText(first + 1),
        Number = checked((int)row.Int64(first + 2)),
        From = row.Time(first + 3),
        Until = row.IsNull(first + 4) ? null : row.Time(first + 4),
        Length = row.IsNull(first + 5) ? null : TimeSpan.FromTicks(row.Int64(first + 5)),
        Amount = row.Money(first + 6),
        Granted = row.Money(first + 7),
        Spent = row.Money(first + 8),
        Held = row.Money(first + 9),
        Slices = row.Text(first + 10),
        Raises = Raises.Parse(row.Text(first + 11)),
        Approval = SqliteApprovalRows.ReadId(row, first + 12),
        Thresholds = AlertThresholds.Parse(row.Text(first + 13)),
    };

    public static void Bind(SqliteStatement statement, Account account) => statement
        .Bind(1, account.Node.Value)
        .Bind(2, account.Limit)
        .Bind(3, account.Number)
        .Bind(4, account.From)
        .Bind(5, account.Until?.UtcTicks)
        .Bind(6, account.Length?.Ticks)
        .Bind(7, account.Amount)
        .Bind(8, account.Granted)
        .Bind(9, account.Spent)
        .Bind(10, account.Held)
        .Bind(11, account.Slices)
        .Bind(12, account.Raises.ToText())
        .Bind(13, account.Approval?.Value)
        .Bind(14, account.Thresholds.ToText());
}
