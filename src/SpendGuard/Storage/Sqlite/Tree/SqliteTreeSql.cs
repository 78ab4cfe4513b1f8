namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of nodes, limits and accounts.</summary>
internal static class SqliteTreeSql
{
    private const string SelectNode =
        """
        SELECT id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at FROM nodes

        """;

    public const string FindNode = SelectNode + "WHERE id = ?1";

    public const string ListNodes = SelectNode + "WHERE deleted_at IS NULL AND id > ?1 ORDER BY id LIMIT ?2";

    public const string FindPaused = SelectNode + "WHERE paused_at IS NOT NULL AND deleted_at IS NULL";

    public const string ListChildren = SelectNode + "WHERE parent = ?1 AND deleted_at IS NULL";

    public const string SaveNode =
        """
        INSERT INTO nodes (id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent = excluded.parent, paused_at = excluded.paused_at,
            paused_by = excluded.paused_by, pause_reason = excluded.pause_reason, deleted_at = excluded.deleted_at
        """;

    /// <summary>A node's limits, each with its last account.</summary>
    public const string FindLimits =
        """
        SELECT l.name, l.zone, l.amount, l.action,
            a.node, a.limit_name, a.number, a.began, a.ends, a.length, a.amount, a.granted, a.spent, a.held, a.slices
        FROM limits AS l LEFT JOIN accounts AS a ON a.node = l.node AND a.limit_name = l.name
            AND a.number = (SELECT max(m.number) FROM accounts AS m WHERE m.node = l.node AND m.limit_name = l.name)
        WHERE l.node = ?1 ORDER BY l.name
        """;

    public const string SaveLimit =
        """
        INSERT INTO limits (node, name, zone, amount, action) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (node, name) DO UPDATE SET zone = excluded.zone, amount = excluded.amount, action = excluded.action
        """;

    public const string RemoveLimit = "DELETE FROM limits WHERE node = ?1 AND name = ?2";

    private const string SelectAccount =
        """
        SELECT node, limit_name, number, began, ends, length, amount, granted, spent, held, slices
        FROM accounts WHERE node = ?1 AND limit_name = ?2

        """;

    public const string FindAccount = SelectAccount + "AND number = ?3";

    public const string FindLastAccount = SelectAccount + "ORDER BY number DESC LIMIT 1";

    public const string SaveAccount =
        """
        INSERT INTO accounts (node, limit_name, number, began, ends, length, amount, granted, spent, held, slices)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT (node, limit_name, number) DO UPDATE SET ends = excluded.ends, amount = excluded.amount, granted = excluded.granted,
            spent = excluded.spent, held = excluded.held, slices = excluded.slices
        """;
}
