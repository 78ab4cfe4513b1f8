namespace SpendGuard.PostgreSql.Rows;

/// <summary>The SQL of nodes, limits and accounts.</summary>
internal static class TreeSql
{
    private const string SelectNode =
        """
        SELECT n.id, n.kind, n.name, n.parent, n.paused_at, n.paused_by, n.pause_reason, n.created_at, n.deleted_at, n.identical_calls, n.batch
        FROM spendguard.nodes AS n

        """;

    /// <summary>The ids of some nodes, and of all above them.</summary>
    /// <remarks>
    /// Nobody can estimate how many there are, and whoever takes them for hundreds reads the whole table for each call. So each one's parent is
    /// looked up by itself, and those that are found are looked up as an array.
    /// </remarks>
    private const string WithAbove =
        """
        WITH RECURSIVE up (id, parent) AS (
            SELECT k.id, k.parent FROM spendguard.nodes AS k WHERE k.tenant = $1 AND k.id = ANY ($2)
            UNION
            SELECT p.id, p.parent FROM up, LATERAL (
                SELECT a.id, a.parent FROM spendguard.nodes AS a WHERE a.tenant = $1 AND a.id = up.parent LIMIT 1) AS p)
        SELECT up.id FROM up

        """;

    /// <summary>Of reservations, the node, the limit and the number of each account.</summary>
    private const string AccountsOfReservations =
        """
        SELECT k.value ->> 0, k.value ->> 1, (k.value ->> 2)::integer
        FROM spendguard.reservations AS r, jsonb_array_elements(r.accounts::jsonb) AS k WHERE r.tenant = $1 AND r.id = ANY ($2)

        """;

    // Nodes are locked before budgets, and both always in the same order, so that two commits never wait for one another in a circle. What
    // has a node has its limits and their accounts too.
    // Their keys are not locked: an entry of the ledger that names one waits for nobody.
    private const string InOrder = "ORDER BY n.id FOR NO KEY UPDATE OF n";

    public const string LockPaths = SelectNode + "WHERE n.tenant = $1 AND n.id = ANY (ARRAY (" + WithAbove + ")) " + InOrder;

    public const string LockPathsAndThoseOfReservations = SelectNode +
        "WHERE n.tenant = $1 AND n.id = ANY (ARRAY (" + WithAbove +
        """
        UNION
        SELECT k.value ->> 0
        FROM spendguard.reservations AS r, jsonb_array_elements(r.accounts::jsonb) AS k WHERE r.tenant = $1 AND r.id = ANY ($3)))

        """ + InOrder;

    public const string FindPath = SelectNode + "WHERE n.tenant = $1 AND n.id = ANY (ARRAY (" + WithAbove + "))";

    /// <summary>All below some nodes.</summary>
    public const string FindBelow = SelectNode +
        """
        WHERE n.tenant = $1 AND n.deleted_at IS NULL AND n.id = ANY (ARRAY (
            WITH RECURSIVE down (id) AS (
                SELECT k.id FROM spendguard.nodes AS k WHERE k.tenant = $1 AND k.parent = ANY ($2)
                UNION
                SELECT c.id FROM down, LATERAL (
                    SELECT b.id FROM spendguard.nodes AS b WHERE b.tenant = $1 AND b.parent = down.id OFFSET 0) AS c)
            SELECT down.id FROM down))
        """;

    public const string ListNodes = SelectNode + "WHERE n.tenant = $1 AND n.deleted_at IS NULL AND n.id > $2 ORDER BY n.id LIMIT $3";

    // Of a name only its beginning is in the index, which takes no long ones.
    public const string FindNamed = SelectNode +
        """
        WHERE n.tenant = $1 AND left(n.name, 100) = left($2, 100) AND n.name = $2 AND n.deleted_at IS NULL AND $3 IN ('', n.kind)
        ORDER BY n.id COLLATE "C" LIMIT $4
        """;

    // No id that begins so comes after the last one that could be written.
    public const string FindFrom = SelectNode +
        """
        WHERE n.tenant = $1 AND n.id COLLATE "C" >= $2 AND n.id COLLATE "C" <= $5 AND n.deleted_at IS NULL AND $3 IN ('', n.kind)
        ORDER BY n.id COLLATE "C" LIMIT $4
        """;

    /// <summary>Held to the end of the commit by whoever gives a name to one node alone: of two at once, one finds the other's.</summary>
    public const string LockNames = "SELECT pg_advisory_xact_lock(hashtextextended('spendguard names of ' || $1, 0))";

    /// <summary>The nodes that have one of some names, or go by it.</summary>
    public const string FindNamesakes = SelectNode +
        """
        WHERE n.tenant = $1 AND n.deleted_at IS NULL
            AND ((left(n.name, 100) = ANY (ARRAY (SELECT left(c, 100) FROM unnest($2::text[]) AS c)) AND n.name = ANY ($2)) OR n.id = ANY ($2))
        """;

    public const string FindPaused = SelectNode + "WHERE n.tenant = $1 AND n.paused_at IS NOT NULL AND n.deleted_at IS NULL";

    private const string AccountColumns = "a.node, a.limit_name, a.number, a.began, a.ends, a.length, a.amount, a.granted, a.spent, a.held, a.slices, a.raises, a.approval, a.thresholds, a.entry";

    private const string SelectLimits =
        "SELECT l.node, l.name, l.zone, l.amount, l.action, l.thresholds, " + AccountColumns +
        """

        FROM spendguard.limits AS l LEFT JOIN LATERAL (
            SELECT m.* FROM spendguard.accounts AS m WHERE m.tenant = l.tenant AND m.node = l.node AND m.limit_name = l.name
            ORDER BY m.number DESC LIMIT 1) AS a ON true

        """;

    /// <summary>The limits of some nodes and of all above them, each with its last account.</summary>
    public const string FindLimitsOfPaths = SelectLimits + "WHERE l.tenant = $1 AND l.node = ANY (ARRAY (" + WithAbove + ")) ORDER BY l.node, l.name";

    public const string FindLimits = SelectLimits + "WHERE l.tenant = $1 AND l.node = ANY ($2) ORDER BY l.node, l.name";

    /// <summary>The last accounts of some limits, in force or not.</summary>
    public const string FindLastAccounts =
        "SELECT " + AccountColumns +
        """

        FROM unnest($2::text[], $3::text[]) AS c (node, name), LATERAL (
            SELECT m.* FROM spendguard.accounts AS m WHERE m.tenant = $1 AND m.node = c.node AND m.limit_name = c.name
            ORDER BY m.number DESC LIMIT 1) AS a
        """;

    public const string FindAccountsOfReservations =
        "SELECT " + AccountColumns + " FROM spendguard.accounts AS a WHERE a.tenant = $1 AND (a.node, a.limit_name, a.number) IN (" + AccountsOfReservations + ")";

    public const string FindAccounts =
        "SELECT " + AccountColumns +
        """
         FROM spendguard.accounts AS a
        WHERE a.tenant = $1 AND (a.node, a.limit_name, a.number) IN (SELECT * FROM unnest($2::text[], $3::text[], $4::integer[]))
        """;

    /// <summary>
    /// The node and the limit of an account that does not hold what the calls in flight hold that were made in it; no row when the books are
    /// right. Both sides are added up beside each other, as with budgets.
    /// </summary>
    public const string FindUnbalanced =
        """
        SELECT f.node, f.limit_name
        FROM (
            SELECT k.value ->> 0 AS node, k.value ->> 1 AS limit_name, (k.value ->> 2)::integer AS number, r.held
            FROM spendguard.reservations AS r, jsonb_array_elements(r.accounts::jsonb) AS k WHERE r.tenant = $1 AND r.ended IS NULL
            UNION ALL
            SELECT a.node, a.limit_name, a.number, -a.held FROM spendguard.accounts AS a WHERE a.tenant = $1 AND a.held > 0) AS f
        GROUP BY f.node, f.limit_name, f.number
        HAVING sum(f.held) <> 0
        LIMIT 1
        """;

    public const string InsertNodes =
        """
        INSERT INTO spendguard.nodes (tenant, id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at, identical_calls, batch)
        SELECT $1, c.id, c.kind, c.name, c.parent, c.paused_at, c.paused_by, c.pause_reason, c.created_at, c.deleted_at, c.identical_calls, $2
        FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::integer[])
            AS c (id, kind, name, parent, paused_at, paused_by, pause_reason, created_at, deleted_at, identical_calls)
        """;

    public const string UpdateNodes =
        """
        UPDATE spendguard.nodes AS n SET name = c.name, parent = c.parent, paused_at = c.paused_at, paused_by = c.paused_by,
            pause_reason = c.pause_reason, deleted_at = c.deleted_at, identical_calls = c.identical_calls, batch = $2
        FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::integer[])
            AS c (id, name, parent, paused_at, paused_by, pause_reason, deleted_at, identical_calls)
        WHERE n.tenant = $1 AND n.id = c.id
        """;

    public const string RemoveLimits =
        """
        DELETE FROM spendguard.limits AS l USING unnest($2::text[], $3::text[]) AS c (node, name)
        WHERE l.tenant = $1 AND l.node = c.node AND l.name = c.name
        """;

    public const string SaveLimits =
        """
        INSERT INTO spendguard.limits (tenant, node, name, zone, amount, action, thresholds)
        SELECT $1, c.node, c.name, c.zone, c.amount, c.action, c.thresholds
        FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[]) AS c (node, name, zone, amount, action, thresholds)
        ON CONFLICT (tenant, node, name) DO UPDATE SET zone = excluded.zone, amount = excluded.amount, action = excluded.action,
            thresholds = excluded.thresholds
        """;

    public const string InsertAccounts =
        """
        INSERT INTO spendguard.accounts (tenant, node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval, thresholds, entry)
        SELECT $1, c.node, c.limit_name, c.number, c.began, c.ends, c.length, c.amount, c.granted, c.spent, c.held, c.slices, c.raises, c.approval, c.thresholds, h.last - $2 + c.place
        FROM spendguard.ledgers AS h,
            unnest($3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
                $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[])
            AS c (node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval, thresholds, place)
        WHERE h.tenant = $1
        """;

    // The condition is that of budgets: the row is still what was read, or the commit fails.
    public const string UpdateAccounts =
        """
        UPDATE spendguard.accounts AS a SET
            ends = c.ends, amount = c.amount, granted = c.granted, spent = c.spent, held = c.held, slices = c.slices,
            raises = c.raises, approval = c.approval, thresholds = c.thresholds,
            entry = CASE WHEN a.entry = c.entry THEN h.last - $2 + c.place END
        FROM spendguard.ledgers AS h,
            unnest($3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[],
                $12::text[], $13::text[], $14::text[], $15::bigint[], $16::bigint[])
            AS c (node, limit_name, number, ends, amount, granted, spent, held, slices, raises, approval, thresholds, place, entry)
        WHERE h.tenant = $1 AND a.tenant = $1 AND a.node = c.node AND a.limit_name = c.limit_name AND a.number = c.number
        """;
}
