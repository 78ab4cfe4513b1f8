namespace SpendGuard.PostgreSql.Rows;

/// <summary>The SQL of the store's work: plain, so that servers that only speak like PostgreSQL take it. Values are parameters, always.</summary>
internal static class PostgresSql
{
    // READ COMMITTED, whatever the server's default is: each statement after a lock has to see what the lock was waited for.
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";

    // A process that stops in the middle of a commit, with its whole machine perhaps, must not hold its agents' rows for long. And whatever
    // the role, the database or a pooler's connection is set to, the commit is to be durable, on the standbys too that the server waits for,
    // and the server is to say when it has not waited. Its clock tells for all hosts what has expired.
    public const string SetUp =
        """
        SELECT
            set_config('idle_in_transaction_session_timeout', '10000', true),
            set_config('client_min_messages', 'warning', true),
            set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),
            clock_timestamp()
        """;

    private const string SelectAgent =
        """
        SELECT id, name, created_at, deleted_at, parent, paused_at, paused_by, pause_reason FROM spendguard.nodes WHERE kind = 'agent'

        """;

    public const string FindAgent = SelectAgent + "AND tenant = $1 AND id = $2";

    public const string ListFirstAgents = SelectAgent + "AND tenant = $1 AND deleted_at IS NULL ORDER BY created_at, id LIMIT $2";

    public const string ListAgentsAfter = SelectAgent +
        """
        AND tenant = $1 AND deleted_at IS NULL
            AND (created_at, id) > (SELECT k.created_at, k.id FROM spendguard.nodes AS k WHERE k.tenant = $1 AND k.id = $3)
        ORDER BY created_at, id LIMIT $2
        """;

    private const string SelectBudget =
        """
        SELECT b.agent, b.hard_limit, b.granted, b.spent, b.held, b.max_in_flight, b.in_flight, b.closed, b.max_call_share, b.batches, b.is_set,
            b.action, b.thresholds, b.raises, b.approval, b.entry
        FROM spendguard.agent_budgets AS b

        """;

    public const string FindBudget = SelectBudget + "WHERE b.tenant = $1 AND b.agent = $2";

    public const string FindBudgets = SelectBudget + "WHERE b.tenant = $1 AND b.agent = ANY ($2)";

    // Always in the same order, so that two commits never wait for one another in a circle.
    public const string LockBudgets = SelectBudget + "WHERE b.tenant = $1 AND b.agent = ANY ($2) ORDER BY b.agent FOR UPDATE OF b";

    public const string LockBudgetsOfReservations = SelectBudget +
        """
        WHERE b.tenant = $1 AND b.agent IN (
            SELECT unnest($2::text[]) UNION SELECT r.agent FROM spendguard.reservations AS r WHERE r.tenant = $1 AND r.id = ANY ($3))
        ORDER BY b.agent FOR UPDATE OF b
        """;

    public const string InsertBudgets =
        """
        INSERT INTO spendguard.agent_budgets
            (tenant, agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches, is_set,
             action, thresholds, raises, approval, entry)
        SELECT $1, c.agent, c.hard_limit, c.granted, c.spent, c.held, c.max_in_flight, c.in_flight, c.closed, c.max_call_share,
            c.batches, c.is_set, c.action, c.thresholds, c.raises, c.approval, h.last - $2 + c.place
        FROM spendguard.ledgers AS h,
            unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::integer[], $10::boolean[], $11::integer[],
                $12::integer[], $13::boolean[], $14::text[], $15::text[], $16::text[], $17::text[], $18::bigint[])
            AS c (agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches, is_set,
                action, thresholds, raises, approval, place)
        WHERE h.tenant = $1
        """;

    // The condition: the row is still what was read, or it becomes NULL, which the table refuses, and with it the whole commit. The
    // lock has seen to that already where it is one.
    public const string UpdateBudgets =
        """
        UPDATE spendguard.agent_budgets AS b SET
            hard_limit = c.hard_limit, granted = c.granted, spent = c.spent, held = c.held,
            max_in_flight = c.max_in_flight, in_flight = c.in_flight, closed = c.closed, max_call_share = c.max_call_share,
            batches = c.batches, is_set = c.is_set, action = c.action, thresholds = c.thresholds, raises = c.raises, approval = c.approval,
            entry = CASE WHEN b.entry = c.entry THEN h.last - $2 + c.place END
        FROM spendguard.ledgers AS h,
            unnest(
                $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::integer[], $10::boolean[], $11::integer[],
                $12::integer[], $13::boolean[], $14::text[], $15::text[], $16::text[], $17::text[], $18::bigint[], $19::bigint[])
            AS c (agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches, is_set,
                action, thresholds, raises, approval, place, entry)
        WHERE h.tenant = $1 AND b.tenant = $1 AND b.agent = c.agent
        """;

    private const string SelectReservation =
        """
        SELECT id, agent, run, model, floor, ceiling, held, ended, charged, created_at, expires_at, function, unbounded, requests,
            name, cards, accounts, ended_at
        FROM spendguard.reservations

        """;

    public const string FindReservation = SelectReservation + "WHERE tenant = $1 AND id = $2";

    public const string FindReservations = SelectReservation + "WHERE tenant = $1 AND id = ANY ($2)";

    public const string FindNamedReservation = SelectReservation + "WHERE tenant = $1 AND name = $2";

    public const string FindNamedReservations = SelectReservation + "WHERE tenant = $1 AND name = ANY ($2)";

    private const string InFlight = "WHERE tenant = $1 AND ended IS NULL ";
    private const string OfAgent = "AND agent = $3 ";
    private const string FirstToExpire = "ORDER BY expires_at, entry LIMIT $2";

    // By the server's clock, in ticks; of the statement, for that can be looked up in an index.
    private const string Expired = "AND expires_at <= 621355968000000000 + (extract(epoch FROM statement_timestamp()) * 10000000)::bigint ";

    public const string FindInFlight = SelectReservation + InFlight + FirstToExpire;

    public const string FindInFlightOfAgent = SelectReservation + InFlight + OfAgent + FirstToExpire;

    public const string FindExpired = SelectReservation + InFlight + Expired + FirstToExpire;

    public const string FindExpiredOfAgent = SelectReservation + InFlight + Expired + OfAgent + FirstToExpire;

    public const string InsertReservations =
        """
        INSERT INTO spendguard.reservations
            (tenant, id, agent, run, model, function, unbounded, floor, ceiling, held, ended, charged, created_at, expires_at,
             requests, name, cards, accounts, ended_at, entry)
        SELECT $1, c.id, c.agent, c.run, c.model, c.function, c.unbounded, c.floor, c.ceiling, c.held, c.ended, c.charged, c.created_at,
            c.expires_at, c.requests, c.name, c.cards, c.accounts, c.ended_at, h.last - $2 + c.place
        FROM spendguard.ledgers AS h,
            unnest(
                $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[],
                $13::bigint[], $14::bigint[], $15::bigint[], $16::integer[], $17::text[], $18::text[], $19::text[],
                $20::bigint[], $21::bigint[])
            AS c (id, agent, run, model, function, unbounded, floor, ceiling, held, ended, charged, created_at, expires_at, requests, name,
                cards, accounts, ended_at, place)
        WHERE h.tenant = $1
        """;

    // What a reservation was made with never changes; only its end, its expiry and its name do.
    public const string UpdateReservations =
        """
        UPDATE spendguard.reservations AS r SET
            ended = c.ended, charged = c.charged, expires_at = c.expires_at, name = c.name, ended_at = c.ended_at
        FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
            AS c (id, ended, charged, expires_at, name, ended_at)
        WHERE r.tenant = $1 AND r.id = c.id
        """;

    private const string SelectEntry =
        """
        SELECT
            sequence, at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held, idempotency_key, content,
            function, unbounded, group_id, limit_name, under, done_by, reason, raised,
            input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run, added
        FROM spendguard.ledger

        """;

    public const string FindBudgetSets = SelectEntry +
        """
        WHERE tenant = $1 AND (agent, idempotency_key) IN (SELECT * FROM unnest($2::text[], $3::text[]))
        """;

    public const string ReadLedger = SelectEntry + "WHERE tenant = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";

    public const string ReadLedgerOfAgent = SelectEntry + "WHERE tenant = $1 AND agent = $4 AND sequence > $2 ORDER BY sequence LIMIT $3";

    public const string ReadLedgerBack = SelectEntry + "WHERE tenant = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3";

    public const string ReadLedgerOfAgentBack = SelectEntry + "WHERE tenant = $1 AND agent = $4 AND sequence < $2 ORDER BY sequence DESC LIMIT $3";

    /// <summary>Where earlier tries begin in the ledger, those that were committed although their answer was lost.</summary>
    public const string FindBatches =
        """
        SELECT batch, min(sequence) FROM spendguard.ledger
        WHERE tenant = $1 AND (agent = ANY ($2) OR group_id = ANY ($2)) AND sequence > $3 AND batch = ANY ($4) GROUP BY batch
        """;

    public const string OpenLedger = "INSERT INTO spendguard.ledgers (tenant, last) VALUES ($1, 0) ON CONFLICT (tenant) DO NOTHING";

    // Whoever has this row appends next; it is held to the end of the commit, so the order of the numbers is the order of the commits.
    public const string TakePlaces = "UPDATE spendguard.ledgers SET last = last + $2 WHERE tenant = $1 RETURNING last - $2";

    public const string AppendEntries =
        """
        INSERT INTO spendguard.ledger
            (tenant, sequence, at, kind, agent, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held,
             idempotency_key, content, group_id, limit_name, under, done_by, reason, raised,
             input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run, added, batch)
        SELECT $1, h.last - $2 + c.place, c.at, c.kind, c.agent, c.reservation, c.run, c.model, c.function, c.unbounded, c.amount, c.hard_limit,
            c.granted, c.spent, c.held, c.idempotency_key, c.content, c.group_id, c.limit_name, c.under, c.done_by, c.reason, c.raised,
            c.input_tokens, c.cache_read_tokens, c.cache_write_tokens, c.output_tokens, c.reasoning_tokens, c.dry_run, c.added, $3
        FROM spendguard.ledgers AS h,
            unnest(
                $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[],
                $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[], $19::text[], $20::text[],
                $21::text[], $22::text[], $23::text[], $24::text[], $25::bigint[],
                $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::boolean[], $32::bigint[])
            AS c (place, at, kind, agent, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held,
                idempotency_key, content, group_id, limit_name, under, done_by, reason, raised,
                input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run, added)
        WHERE h.tenant = $1
        """;

    /// <summary>
    /// An agent whose balance is not that of its last ledger entry, or not that of its calls in flight; null when the books are right. It
    /// costs as much as there are agents, not entries. What is in flight is added up beside the budgets and not joined to them: the join
    /// that the planner takes when it knows how many there are compares each with each.
    /// </summary>
    public const string FindUnbalanced =
        """
        SELECT min(u.agent) FROM (
            SELECT b.agent
            FROM spendguard.agent_budgets AS b
            LEFT JOIN LATERAL (
                SELECT l.sequence, l.hard_limit, l.granted, l.spent, l.held FROM spendguard.ledger AS l
                WHERE l.tenant = b.tenant AND l.agent = b.agent ORDER BY l.sequence DESC LIMIT 1) AS e ON true
            WHERE b.tenant = $1
                AND (b.entry, b.hard_limit, b.granted, b.spent, b.held) IS DISTINCT FROM (e.sequence, e.hard_limit, e.granted, e.spent, e.held)
            UNION ALL
            SELECT f.agent
            FROM (
                SELECT r.agent, r.held, 1 AS calls FROM spendguard.reservations AS r WHERE r.tenant = $1 AND r.ended IS NULL
                UNION ALL
                SELECT b.agent, -b.held, -b.in_flight FROM spendguard.agent_budgets AS b WHERE b.tenant = $1 AND b.in_flight > 0) AS f
            GROUP BY f.agent
            HAVING sum(f.held) <> 0 OR sum(f.calls) <> 0) AS u
        """;

    /// <summary>Whether the ledger ends where its tenant's last number says.</summary>
    public const string IsLedgerWhole =
        """
        SELECT h.last = coalesce((SELECT max(l.sequence) FROM spendguard.ledger AS l WHERE l.tenant = $1), 0)
        FROM spendguard.ledgers AS h WHERE h.tenant = $1
        """;
}
