namespace SpendGuard.Storage.Sqlite;

/// <summary>The tables of alerts: what was raised, who is to have it, and how far each is with each.</summary>
internal static class SqliteAlertSchema
{
    public static string[] Tables { get; } =
    [
        """
        CREATE TABLE alerts (
            sequence INTEGER PRIMARY KEY,
            id       TEXT    NOT NULL UNIQUE,
            at       INTEGER NOT NULL,
            node     TEXT    NOT NULL,
            body     TEXT    NOT NULL
        ) STRICT
        """,
        "CREATE INDEX alerts_by_time ON alerts (at)",
        "CREATE INDEX alerts_of_node ON alerts (node, sequence)",
        """
        CREATE TABLE alert_sinks (
            name          TEXT    NOT NULL PRIMARY KEY,
            registered_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE alert_deliveries (
            sink         TEXT    NOT NULL REFERENCES alert_sinks (name),
            sequence     INTEGER NOT NULL,
            attempts     INTEGER NOT NULL CHECK (attempts >= 0),
            lease        INTEGER NOT NULL CHECK (lease >= 0),
            due_at       INTEGER,
            delivered_at INTEGER          CHECK (delivered_at IS NULL OR due_at IS NULL),
            failure      TEXT,
            PRIMARY KEY (sink, sequence)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX alert_deliveries_due ON alert_deliveries (sink, due_at, sequence) WHERE due_at IS NOT NULL",
    ];
}
