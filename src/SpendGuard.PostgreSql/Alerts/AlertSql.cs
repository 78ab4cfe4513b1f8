namespace SpendGuard.PostgreSql.Alerts;

/// <summary>The SQL of alerts and their delivery. What is due is told by the server's clock, in ticks.</summary>
/// <remarks>
/// Whoever raises alerts, registers a sink or replays holds the ledger's last number (<see cref="Rows.PostgresSql.TakePlaces"/>) to the end of the
/// commit: so a new sink misses no alert that is raised meanwhile, and none of them waits for another in a circle.
/// </remarks>
internal static class AlertSql
{
    private const string Now = "(621355968000000000 + (extract(epoch FROM statement_timestamp()) * 10000000)::bigint)";

    /// <summary>Keeps those alerts that are not kept yet, due at once for every sink. Their ids are different from one another.</summary>
    public const string Raise =
        """
        WITH raised AS (
            INSERT INTO spendguard.alerts (tenant, sequence, id, at, node, body)
            SELECT $1, m.last + row_number() OVER (ORDER BY c.place), c.id, c.at, c.node, c.body
            FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) WITH ORDINALITY AS c (id, at, node, body, place),
                (SELECT coalesce(max(a.sequence), 0) AS last FROM spendguard.alerts AS a WHERE a.tenant = $1) AS m
            WHERE NOT EXISTS (SELECT 1 FROM spendguard.alerts AS k WHERE k.tenant = $1 AND k.id = c.id)
            RETURNING sequence)
        INSERT INTO spendguard.alert_deliveries (tenant, sink, sequence, attempts, lease, due_at)
        SELECT $1, s.name, r.sequence, 0, 0,
        """ + " " + Now + " FROM raised AS r, spendguard.alert_sinks AS s WHERE s.tenant = $1";

    /// <summary>Of a sink that is new, makes what was raised since a time due.</summary>
    public const string DeliverSince =
        "INSERT INTO spendguard.alert_deliveries (tenant, sink, sequence, attempts, lease, due_at) SELECT $1, $2, a.sequence, 0, 0, " + Now +
        """
         FROM spendguard.alerts AS a
        WHERE a.tenant = $1 AND a.at >= $3 AND NOT EXISTS (SELECT 1 FROM spendguard.alert_sinks AS s WHERE s.tenant = $1 AND s.name = $2)
        """;

    public const string Register =
        "INSERT INTO spendguard.alert_sinks (tenant, name, registered_at) VALUES ($1, $2, " + Now +
        ") ON CONFLICT (tenant, name) DO UPDATE SET registered_at = excluded.registered_at";

    public const string ForgetDeliveries =
        """
        DELETE FROM spendguard.alert_deliveries AS d USING spendguard.alert_sinks AS s
        WHERE d.tenant = $1 AND s.tenant = $1 AND d.sink = s.name AND s.name <> $2 AND s.registered_at <=
        """ + " " + Now + " - $3";

    public const string ForgetSinks = "DELETE FROM spendguard.alert_sinks AS s WHERE s.tenant = $1 AND s.name <> $2 AND s.registered_at <= " + Now + " - $3";

    // What another is just taking is passed over.
    public const string Take =
        "UPDATE spendguard.alert_deliveries AS d SET attempts = d.attempts + 1, lease = d.lease + 1, due_at = " + Now +
        """
         + $3
        FROM spendguard.alerts AS a
        WHERE d.tenant = $1 AND d.sink = $2 AND a.tenant = $1 AND a.sequence = d.sequence AND d.sequence = (
            SELECT q.sequence FROM spendguard.alert_deliveries AS q WHERE q.tenant = $1 AND q.sink = $2 AND q.due_at <=
        """ + " " + Now +
        """

            ORDER BY q.due_at, q.sequence LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING d.sequence, d.attempts, d.lease, a.body
        """;

    private const string IsMine = " WHERE tenant = $1 AND sink = $2 AND sequence = $3 AND lease = $4 RETURNING 1";

    public const string MarkDelivered =
        "UPDATE spendguard.alert_deliveries SET delivered_at = " + Now + ", due_at = NULL, failure = NULL" + IsMine;

    public const string MarkFailed = "UPDATE spendguard.alert_deliveries SET failure = $5, due_at = " + Now + " + $6" + IsMine;

    public const string GiveUp = "UPDATE spendguard.alert_deliveries SET failure = $5, due_at = NULL" + IsMine;

    private const string Fits = "a.tenant = $1 AND ($2::text IS NULL OR a.id = $2) AND a.at >= $3";

    public const string Replay =
        """
        WITH chosen AS (
            SELECT a.sequence FROM spendguard.alerts AS a WHERE
        """ + " " + Fits +
        """
        ), due AS (
            INSERT INTO spendguard.alert_deliveries AS d (tenant, sink, sequence, attempts, lease, due_at)
            SELECT $1, s.name, c.sequence, 0, 1,
        """ + " " + Now +
        """
         FROM chosen AS c, spendguard.alert_sinks AS s WHERE s.tenant = $1
            ON CONFLICT (tenant, sink, sequence) DO UPDATE SET
                attempts = 0, lease = d.lease + 1, due_at = excluded.due_at, delivered_at = NULL, failure = NULL)
        SELECT count(*) FROM chosen
        """;

    public const string List =
        "SELECT a.sequence, a.body FROM spendguard.alerts AS a WHERE a.tenant = $1 AND a.sequence < $2 ORDER BY a.sequence DESC LIMIT $3";

    public const string ListOfNode =
        "SELECT a.sequence, a.body FROM spendguard.alerts AS a WHERE a.tenant = $1 AND a.sequence < $2 AND a.node = $4 ORDER BY a.sequence DESC LIMIT $3";

    public const string FindProgress =
        """
        SELECT d.sequence, d.sink, d.attempts, d.delivered_at, d.due_at, d.failure
        FROM spendguard.alert_sinks AS s JOIN spendguard.alert_deliveries AS d ON d.tenant = s.tenant AND d.sink = s.name
        WHERE s.tenant = $1 AND d.sequence = ANY ($2)
        """;
}
