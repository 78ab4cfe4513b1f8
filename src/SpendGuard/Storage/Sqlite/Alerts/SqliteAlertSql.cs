namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of alerts and their delivery.</summary>
internal static class SqliteAlertSql
{
    public const string IsKept = "SELECT EXISTS (SELECT 1 FROM alerts WHERE id = ?1)";

    public const string Add = "INSERT INTO alerts (id, at, node, body) VALUES (?1, ?2, ?3, ?4) RETURNING sequence";

    public const string AddDeliveries = "INSERT INTO alert_deliveries (sink, sequence, attempts, lease, due_at) SELECT name, ?1, 0, 0, ?2 FROM alert_sinks";

    public const string IsRegistered = "SELECT EXISTS (SELECT 1 FROM alert_sinks WHERE name = ?1)";

    public const string Register =
        "INSERT INTO alert_sinks (name, registered_at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET registered_at = excluded.registered_at";

    public const string AddDeliveriesSince =
        "INSERT INTO alert_deliveries (sink, sequence, attempts, lease, due_at) SELECT ?1, sequence, 0, 0, ?3 FROM alerts WHERE at >= ?2";

    private const string Gone = "SELECT name FROM alert_sinks WHERE name <> ?1 AND registered_at <= ?2";

    public const string ForgetDeliveries = "DELETE FROM alert_deliveries WHERE sink IN (" + Gone + ")";

    public const string ForgetSinks = "DELETE FROM alert_sinks WHERE name IN (" + Gone + ")";

    /// <summary>What is due for a sink, and has been so for longest.</summary>
    public const string FindDue =
        """
        SELECT d.sequence, d.attempts, d.lease, a.body FROM alert_deliveries AS d JOIN alerts AS a ON a.sequence = d.sequence
        WHERE d.sink = ?1 AND d.due_at <= ?2 ORDER BY d.due_at, d.sequence LIMIT 1
        """;

    public const string Take = "UPDATE alert_deliveries SET attempts = ?3, lease = ?4, due_at = ?5 WHERE sink = ?1 AND sequence = ?2";

    private const string IsMine = " WHERE sink = ?1 AND sequence = ?2 AND lease = ?3 RETURNING 1";

    public const string MarkDelivered = "UPDATE alert_deliveries SET delivered_at = ?4, due_at = NULL, failure = NULL" + IsMine;

    public const string MarkFailed = "UPDATE alert_deliveries SET failure = ?4, due_at = ?5" + IsMine;

    private const string Fits = "(?1 IS NULL OR a.id = ?1) AND a.at >= ?2";

    public const string CountSelected = "SELECT count(*) FROM alerts AS a WHERE " + Fits;

    public const string Replay =
        "INSERT INTO alert_deliveries (sink, sequence, attempts, lease, due_at) SELECT s.name, a.sequence, 0, 1, ?3 FROM alerts AS a, alert_sinks AS s WHERE " + Fits +
        """
         ON CONFLICT (sink, sequence) DO UPDATE SET attempts = 0, lease = lease + 1, due_at = excluded.due_at, delivered_at = NULL, failure = NULL
        """;

    public const string List = "SELECT sequence, body FROM alerts WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2";

    public const string ListOfNode = "SELECT sequence, body FROM alerts WHERE node = ?3 AND sequence < ?1 ORDER BY sequence DESC LIMIT ?2";

    // The sinks first, which are few.
    public const string FindProgress =
        """
        SELECT d.sink, d.attempts, d.delivered_at, d.due_at, d.failure
        FROM alert_sinks AS s CROSS JOIN alert_deliveries AS d WHERE d.sink = s.name AND d.sequence = ?1 ORDER BY s.name
        """;
}
