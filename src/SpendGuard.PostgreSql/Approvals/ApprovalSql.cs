namespace SpendGuard.PostgreSql.Approvals;

/// <summary>The SQL of requests for approval and of identical calls.</summary>
internal static class ApprovalSql
{
    private const string SelectApproval =
        """
        SELECT p.id, p.agent, p.node, p.limit_name, p.number, p.need, p.run, p.model, p.asked_at, p.state, p.decided_at, p.done_by, p.reason, p.added, p.until
        FROM spendguard.approvals AS p

        """;

    public const string FindApproval = SelectApproval + "WHERE p.tenant = $1 AND p.id = $2";

    // After the nodes and the budgets, and in one order, so that two commits never wait for one another in a circle.
    public const string LockApprovals = SelectApproval + "WHERE p.tenant = $1 AND p.id = ANY ($2) ORDER BY p.id FOR UPDATE OF p";

    private const string NewestFirst = """AND (p.asked_at, p.id COLLATE "C") < ($3, $4 COLLATE "C") ORDER BY p.asked_at DESC, p.id COLLATE "C" DESC LIMIT $2""";

    public const string ListApprovals = SelectApproval + "WHERE p.tenant = $1 " + NewestFirst;

    public const string ListApprovalsOfState = SelectApproval + "WHERE p.tenant = $1 AND p.state = $5 " + NewestFirst;

    // What was asked for never changes; only what became of it does.
    public const string SaveApprovals =
        """
        INSERT INTO spendguard.approvals
            (tenant, id, agent, node, limit_name, number, need, run, model, asked_at, state, decided_at, done_by, reason, added, until)
        SELECT $1, c.id, c.agent, c.node, c.limit_name, c.number, c.need, c.run, c.model, c.asked_at, c.state, c.decided_at, c.done_by, c.reason,
            c.added, c.until
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::text[],
                $12::bigint[], $13::text[], $14::text[], $15::bigint[], $16::bigint[])
            AS c (id, agent, node, limit_name, number, need, run, model, asked_at, state, decided_at, done_by, reason, added, until)
        ON CONFLICT (tenant, id) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at, done_by = excluded.done_by,
            reason = excluded.reason, added = excluded.added, until = excluded.until
        """;

    public const string FindStreaks =
        """
        SELECT s.agent, s.run, s.fingerprint, s.count FROM spendguard.streaks AS s
        WHERE s.tenant = $1 AND (s.agent, s.run) IN (SELECT * FROM unnest($2::text[], $3::text[]))
        """;

    public const string SaveStreaks =
        """
        INSERT INTO spendguard.streaks (tenant, agent, run, fingerprint, count)
        SELECT $1, c.agent, c.run, c.fingerprint, c.count FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[]) AS c (agent, run, fingerprint, count)
        ON CONFLICT (tenant, agent, run) DO UPDATE SET fingerprint = excluded.fingerprint, count = excluded.count
        """;
}
