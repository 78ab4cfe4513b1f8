namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of the store's work. Values are parameters, always.</summary>
internal static class SqliteSql
{
    public const string Begin = "BEGIN";
    public const string BeginImmediate = "BEGIN IMMEDIATE";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";

    private const string SelectAgent =
        """
        SELECT id, name, created_at, deleted_at FROM agents

        """;

    public const string FindAgent = SelectAgent + "WHERE id = ?1";

    public const string ListAgents = SelectAgent + "WHERE deleted_at IS NULL ORDER BY created_at, number";

    public const string SaveAgent =
        """
        INSERT INTO agents (id, name, created_at, deleted_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, deleted_at = excluded.deleted_at
        """;

    public const string FindBudget =
        """
        SELECT agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed FROM budgets WHERE agent = ?1
        """;

    public const string SaveBudget =
        """
        INSERT INTO budgets (agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (agent) DO UPDATE SET
            hard_limit = excluded.hard_limit, granted = excluded.granted, spent = excluded.spent, held = excluded.held,
            max_in_flight = excluded.max_in_flight, in_flight = excluded.in_flight, closed = excluded.closed
        """;

    private const string SelectReservation =
        """
        SELECT id, agent, run, model, floor, ceiling, held, ended, charged, created_at, expires_at, function, unbounded
        FROM reservations

        """;

    public const string FindReservation = SelectReservation + "WHERE id = ?1";

    public const string FindInFlight = SelectReservation +
        """
        WHERE ended IS NULL AND expires_at <= ?1 AND (?2 IS NULL OR agent = ?2) ORDER BY expires_at, number LIMIT ?3
        """;

    // What a reservation was made with never changes; only its end and its expiry do.
    public const string SaveReservation =
        """
        INSERT INTO reservations
            (id, agent, run, model, floor, ceiling, held, ended, charged, created_at, expires_at, function, unbounded)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, charged = excluded.charged, expires_at = excluded.expires_at
        """;

    private const string SelectEntry =
        """
        SELECT
            sequence, at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held, idempotency_key, content,
            function, unbounded
        FROM ledger

        """;

    public const string FindBudgetSet = SelectEntry + "WHERE agent = ?1 AND idempotency_key = ?2";

    public const string ReadLedger = SelectEntry + "WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";

    public const string ReadLedgerOfAgent = SelectEntry + "WHERE agent = ?3 AND sequence > ?1 ORDER BY sequence LIMIT ?2";

    public const string AppendEntry =
        """
        INSERT INTO ledger
            (at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held, idempotency_key, content,
             function, unbounded)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        RETURNING sequence
        """;

    /// <summary>
    /// An agent whose balance is not that of its last ledger entry, or not that of its calls in flight; no row when the books are
    /// right. It steps from agent to agent through the index, so that it costs as much as there are agents, not entries.
    /// </summary>
    public const string FindUnbalanced =
        """
        WITH RECURSIVE
            agents (agent) AS (
                SELECT min(agent) FROM ledger
                UNION ALL
                SELECT (SELECT min(ledger.agent) FROM ledger WHERE ledger.agent > agents.agent) FROM agents WHERE agents.agent IS NOT NULL
            ),
            last (agent, hard_limit, granted, spent, held) AS (
                SELECT ledger.agent, hard_limit, granted, spent, held
                FROM agents JOIN ledger ON sequence = (SELECT max(sequence) FROM ledger WHERE ledger.agent = agents.agent)
            ),
            flying (agent, held, calls) AS (
                SELECT agent, sum(held), count(*) FROM reservations WHERE ended IS NULL GROUP BY agent
            )
        SELECT coalesce(budgets.agent, last.agent)
        FROM budgets FULL JOIN last ON last.agent = budgets.agent LEFT JOIN flying ON flying.agent = budgets.agent
        WHERE (budgets.hard_limit, budgets.granted, budgets.spent, budgets.held, budgets.held, budgets.in_flight)
            IS NOT (last.hard_limit, last.granted, last.spent, last.held, coalesce(flying.held, 0), coalesce(flying.calls, 0))
        LIMIT 1
        """;
}
