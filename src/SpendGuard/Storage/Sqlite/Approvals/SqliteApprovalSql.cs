namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of requests for approval and of identical calls.</summary>
internal static class SqliteApprovalSql
{
    private const string SelectApproval =
        """
        SELECT id, agent, node, limit_name, number, need, run, model, asked_at, state, decided_at, done_by, reason, added, until FROM approvals

        """;

    public const string FindApproval = SelectApproval + "WHERE id = ?1";

    public const string ListApprovals = SelectApproval + "WHERE (asked_at, id) < (?1, ?2) ORDER BY asked_at DESC, id DESC LIMIT ?3";

    public const string ListApprovalsOfState = SelectApproval + "WHERE state = ?4 AND (asked_at, id) < (?1, ?2) ORDER BY asked_at DESC, id DESC LIMIT ?3";

    // What was asked for never changes; only what became of it does.
    public const string SaveApproval =
        """
        INSERT INTO approvals
            (id, agent, node, limit_name, number, need, run, model, asked_at, state, decided_at, done_by, reason, added, until)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at, done_by = excluded.done_by,
            reason = excluded.reason, added = excluded.added, until = excluded.until
        """;

    public const string FindStreak = "SELECT agent, run, fingerprint, count FROM streaks WHERE agent = ?1 AND run = ?2";

    public const string SaveStreak =
        """
        INSERT INTO streaks (agent, run, fingerprint, count) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (agent, run) DO UPDATE SET fingerprint = excluded.fingerprint, count = excluded.count
        """;
}
