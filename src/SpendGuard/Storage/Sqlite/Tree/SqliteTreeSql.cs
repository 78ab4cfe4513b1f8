namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of nodes, limits and accounts.</summary>
internal static class SqliteTreeSql
{
    private const string SelectNode =
        """
        SELECT id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at, identical_calls FROM nodes

        """;

    public const string FindNode = SelectNode + "WHERE id = ?1";

    public const string ListNodes = SelectNode + "WHERE deleted_at IS NULL AND id > ?1 ORDER BY id LIMIT ?2";

    public const string FindNamed = SelectNode + "WHERE name = ?1 AND deleted_at IS NULL AND (?2 IS NULL OR kind = ?2) ORDER BY id LIMIT ?3";

    // No id that begins so comes after the last one that could be written.
    public const string FindFrom = SelectNode + "WHERE id >= ?1 AND id <= ?4 AND deleted_at IS NULL AND (?2 IS NULL OR kind = ?2) ORDER BY id LIMIT ?3";

    /// <summary>Another node that has a name, or goes by it.</summary>
    public const string FindNamesake = SelectNode +
        """
        WHERE id IN (SELECT id FROM nodes WHERE name = ?1 AND deleted_at IS NULL UNION ALL SELECT id FROM nodes WHERE id = ?1)
            AND deleted_at IS NULL AND kind = ?2 AND id IS NOT ?3
        ORDER BY id LIMIT 1
        """;

    public const string FindPaused = SelectNode + "WHERE paused_at IS NOT NULL AND deleted_at IS NULL";

    public const string ListChildren = SelectNode + "WHERE parent = ?1 AND deleted_at IS NULL";

    public const string SaveNode =
        """
        INSERT INTO nodes (id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at, identical_calls)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent = excluded.parent, paused_at = excluded.paused_at,
            paused_by = excluded.paused_by, pause_reason = excluded.pause_reason, deleted_at = excluded.deleted_at,
            identical_calls = excluded.identical_calls
        """;

    /// <summary>A node's limits, each with its last account.</summary>
    public const string FindLimits =
        """
        SELECT l.name, l.zone, l.amount, l.action, l.thresholds,
            a.node, a.limit_name, a.number, a.began, a.ends, a.length, a.amount, a.granted, a.spent, a.held, a.slices, a.raises, a.approval, a.thresholds
        FROM limits AS l LEFT JOIN accounts AS a ON a.node = l.node AND a.limit_name = l.name
            AND a.number = (SELECT max(m.number) FROM accounts AS m WHERE m.node = l.node AND m.limit_name = l.name)
        WHERE l.node = ?1 ORDER BY l.name
        """;

    public const string SaveLimit =
        """
        INSERT INTO limits (node, name, zone, amount, action, thresholds) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (node, name) DO UPDATE SET zone = excluded.zone, amount = excluded.amount, action = excluded.action,
            thresholds = excluded.thresholds
        """;

    public const string RemoveLimit = "DELETE FROM limits WHERE node = ?1 AND name = ?2";

    private const string SelectAccount =
        """
        SELECT node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval, thresholds
        FROM accounts WHERE node = ?1 AND limit_name = ?2

        """;

    public const string FindAccount = SelectAccount + "AND number = ?3";

    public const string FindLastAccount = SelectAccount + "ORDER BY number DESC LIMIT 1";

    /// <summary>
    /// The node and the limit of an account that does not hold what the calls in flight hold that were made in it; no row when all do. It costs
    /// as much as there are calls in flight.
    /// </summary>
    public const string FindUnbalanced =
        """
        WITH flying (node, limit_name, number, held) AS (
            SELECT k.value ->> 0, k.value ->> 1, k.value ->> 2, sum(r.held) FROM reservations AS r, json_each(r.accounts) AS k WHERE r.ended IS NULL GROUP BY 1, 2, 3
        )
        SELECT flying.node, flying.limit_name
        FROM flying LEFT JOIN accounts AS a ON a.node = flying.node AND a.limit_name = flying.limit_name AND a.number = flying.number
        WHERE a.held IS NOT flying.held LIMIT 1
        """;

    public const string SaveAccount =
        """
        INSERT INTO accounts (node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval, thresholds)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (node, limit_name, number) DO UPDATE SET ends = excluded.ends, amount = excluded.amount, granted = excluded.granted,
            spent = excluded.spent, held = excluded.held, slices = excluded.slices, raises = excluded.raises, approval = excluded.approval,
            thresholds = excluded.thresholds
        """;
}
