using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Rows;

/// <summary>Rows of nodes, limits and accounts to records.</summary>
internal static class TreeRows
{
    public static Node ReadNode(NpgsqlDataReader row) => new()
    {
        Id = new NodeId(row.GetString(0)),
        Kind = StoredNames.ToNodeKind(row.GetString(1)),
        Name = PostgresRows.Text(row, 2),
        Parent = PostgresRows.Text(row, 3) is { } parent ? new NodeId(parent) : (NodeId?)null,
        Pause = row.IsDBNull(4) ? null : new Pause(PostgresRows.Text(row, 5), PostgresRows.Text(row, 6), PostgresRows.Time(row, 4)),
        CreatedAt = PostgresRows.Time(row, 7),
        DeletedAt = row.IsDBNull(8) ? null : PostgresRows.Time(row, 8),
        IdenticalCalls = row.IsDBNull(9) ? null : row.GetInt32(9),
    };

    public static PausedNode ReadPaused(NpgsqlDataReader row)
    {
        var node = ReadNode(row);
        return new PausedNode(node.Id, node.Pause!);
    }

    public static LimitChange ReadLimit(NpgsqlDataReader row) => new(
        new NodeId(row.GetString(0)), StoredNames.ToLimit(row.GetString(1), PostgresRows.Text(row, 2), PostgresRows.Amount(row, 3), row.GetString(4), PostgresRows.Text(row, 5)));

    /// <summary>An account and the entry that it was changed by; null where the columns are empty.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The account's first column.</param>
    public static (Account Account, long Entry)? ReadAccount(NpgsqlDataReader row, int first) => row.IsDBNull(first) ? null : (
        new Account
        {
            Node = new NodeId(row.GetString(first)),
            Limit = row.GetString(first + 1),
            Number = row.GetInt32(first + 2),
            From = PostgresRows.Time(row, first + 3),
            Until = row.IsDBNull(first + 4) ? null : PostgresRows.Time(row, first + 4),
            Length = row.IsDBNull(first + 5) ? null : TimeSpan.FromTicks(row.GetInt64(first + 5)),
            Amount = PostgresRows.Amount(row, first + 6),
            Granted = PostgresRows.Amount(row, first + 7),
            Spent = PostgresRows.Amount(row, first + 8),
            Held = PostgresRows.Amount(row, first + 9),
            Slices = PostgresRows.Text(row, first + 10),
            Raises = Raises.Parse(PostgresRows.Text(row, first + 11)),
            Approval = ApprovalRows.ReadId(row, first + 12),
            Thresholds = AlertThresholds.Parse(PostgresRows.Text(row, first + 13)),
        },
        row.GetInt64(first + 14));
}
