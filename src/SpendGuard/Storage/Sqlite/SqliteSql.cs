namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of the store's work. Values are parameters, always.</summary>
internal static class SqliteSql
{
    public const string Begin = "BEGIN";
    public const string BeginImmediate = "BEGIN IMMEDIATE";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";
    public const string ReadVersion = "PRAGMA user_version";

    private const string SelectAgent =
        """
        SELECT id, name, created_at, deleted_at, parent, paused_at, paused_by, pause_reason FROM nodes WHERE kind = 'agent'

        """;

    public const string FindAgent = SelectAgent + "AND id = ?1";

    public const string FindAgentPlace = "SELECT created_at, number FROM nodes WHERE id = ?1";

    // Two statements for one order: SQLite does not step into the middle of an index by two columns at once when one is the row's number.
    public const string ListAgentsOfAMoment = SelectAgent + "AND deleted_at IS NULL AND created_at = ?1 AND number > ?2 ORDER BY number LIMIT ?3";

    public const string ListLaterAgents = SelectAgent + "AND deleted_at IS NULL AND created_at > ?1 ORDER BY created_at, number LIMIT ?2";

    /// <summary>A budget, and whether it is what the agent's last ledger entry says: it is never used otherwise.</summary>
    public const string FindBudget =
        """
        SELECT agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches, is_set,
            action, thresholds, raises, approval,
            (hard_limit, granted, spent, held) IS (
                SELECT hard_limit, granted, spent, held FROM ledger WHERE ledger.agent = ?1 ORDER BY sequence DESC LIMIT 1)
        FROM agent_budgets WHERE agent = ?1
        """;

    /// <summary>Whether an agent's ledger has an entry that there is none of without a budget.</summary>
    public const string HasEntries = "SELECT EXISTS (SELECT 1 FROM ledger WHERE agent = ?1 AND kind IN ('budget-set', 'reserved'))";

    public const string SaveBudget =
        """
        INSERT INTO agent_budgets
            (agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches, is_set,
             action, thresholds, raises, approval)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (agent) DO UPDATE SET
            hard_limit = excluded.hard_limit, granted = excluded.granted, spent = excluded.spent, held = excluded.held,
            max_in_flight = excluded.max_in_flight, in_flight = excluded.in_flight, closed = excluded.closed,
            max_call_share = excluded.max_call_share, batches = excluded.batches, is_set = excluded.is_set,
            action = excluded.action, thresholds = excluded.thresholds, raises = excluded.raises, approval = excluded.approval
        """;

    private const string SelectReservation =
        """
        SELECT id, agent, run, model, floor, ceiling, held, ended, charged, created_at, expires_at, function, unbounded, requests,
            name, cards, accounts, ended_at
        FROM reservations

        """;

    public const string FindReservation = SelectReservation + "WHERE id = ?1";

    public const string FindNamedReservation = SelectReservation + "WHERE name = ?1";

    public const string FindInFlight = SelectReservation +
        """
        WHERE ended IS NULL AND expires_at <= ?1 AND (?2 IS NULL OR agent = ?2) ORDER BY expires_at, number LIMIT ?3
        """;

    // What a reservation was made with never changes; only its end, its expiry and its name do.
    public const string SaveReservation =
        """
        INSERT INTO reservations
            (id, agent, run, model, floor, ceiling, held, ended, charged, created_at, expires_at, function, unbounded, requests, name,
             cards, accounts, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, charged = excluded.charged, expires_at = excluded.expires_at,
            name = excluded.name, ended_at = excluded.ended_at
        """;

    private const string SelectEntry =
        """
        SELECT
            sequence, at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held, idempotency_key, content,
            function, unbounded, group_id, limit_name, under, done_by, reason, raised,
            input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run, added
        FROM ledger

        """;

    public const string FindBudgetSet = SelectEntry + "WHERE agent = ?1 AND idempotency_key = ?2";

    public const string ReadLedger = SelectEntry + "WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";

    public const string ReadLedgerOfAgent = SelectEntry + "WHERE agent = ?3 AND sequence > ?1 ORDER BY sequence LIMIT ?2";

    public const string ReadLedgerBack = SelectEntry + "WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2";

    public const string ReadLedgerOfAgentBack = SelectEntry + "WHERE agent = ?3 AND sequence < ?1 ORDER BY sequence DESC LIMIT ?2";

    public const string AppendEntry =
        """
        INSERT INTO ledger
            (at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held, idempotency_key, content,
             function, unbounded, group_id, limit_name, under, done_by, reason, raised,
             input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run, added)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)
        RETURNING sequence
        """;

    /// <summary>
    /// An agent with calls in flight whose budget does not hold what they hold; no row when all do. It costs as much as there are calls
    /// in flight: whatever else a store has ever held is looked at when it is used (<see cref="FindBudget"/>).
    /// </summary>
    public const string FindUnbalanced =
        """
        WITH flying (agent, held, calls) AS (
            SELECT agent, sum(held), count(*) FROM reservations WHERE ended IS NULL GROUP BY agent
        )
        SELECT flying.agent FROM flying LEFT JOIN agent_budgets AS budgets ON budgets.agent = flying.agent
        WHERE (budgets.held, budgets.in_flight) IS NOT (flying.held, flying.calls)
            OR (budgets.hard_limit, budgets.granted, budgets.spent, budgets.held) IS NOT (
                SELECT hard_limit, granted, spent, held FROM ledger WHERE ledger.agent = flying.agent ORDER BY sequence DESC LIMIT 1)
        LIMIT 1
        """;

    // A key of an agent that was deleted is out of force with it, whoever deleted it.
    private const string SelectKey =
        """
        SELECT keys.id, keys.agent, keys.name, keys.created_at, coalesce(keys.revoked_at, nodes.deleted_at), keys.hash
        FROM keys JOIN nodes ON nodes.id = keys.agent

        """;

    public const string FindKeyByHash = SelectKey + "WHERE keys.hash = ?1 AND nodes.deleted_at IS NULL";

    public const string FindKey = SelectKey + "WHERE keys.id = ?1 AND keys.agent = ?2";

    public const string ListKeys = SelectKey + "WHERE keys.agent = ?1 ORDER BY keys.number";

    public const string AddKey = "INSERT INTO keys (id, hash, agent, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";

    public const string RevokeKey =
        "UPDATE keys SET revoked_at = coalesce(revoked_at, ?3), hash = NULL WHERE id = ?1 AND agent = ?2";

    public const string FindClock = "SELECT boot, ahead FROM clock WHERE number = 1";

    public const string SaveClock =
        "INSERT INTO clock (number, boot, ahead) VALUES (1, ?1, ?2) ON CONFLICT (number) DO UPDATE SET boot = excluded.boot, ahead = excluded.ahead";

    // Between the first and the last time that there is.
    public const string MoveExpiries =
        "UPDATE reservations SET expires_at = max(0, min(expires_at + ?1, 3155378975999999999)) WHERE ended IS NULL";

    // Not of batches: their providers work on, whatever becomes of the machine.
    public const string CutExpiries =
        "UPDATE reservations SET expires_at = ?1 WHERE ended IS NULL AND requests IS NULL AND expires_at > ?1";

    // Into the file with what the log has, and the log begins anew; a reader elsewhere that needs it is left alone.
    public const string Checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
}
