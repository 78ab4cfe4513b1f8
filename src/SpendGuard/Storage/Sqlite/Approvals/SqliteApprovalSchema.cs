namespace SpendGuard.Storage.Sqlite;

/// <summary>The step of the schema that brings requests for approval, identical calls, and alerts.</summary>
/// <remarks>
/// Every entry of the ledger says what of the budget is granted for a time, and none is taken that does not: a process of an earlier version,
/// which knows of no raises and raises no alerts, cannot go on beside this one. The ledger and the limits are written anew as they were, since
/// SQLite changes no check of a table that is there.
/// </remarks>
internal static class SqliteApprovalSchema
{
    public static string[] Step { get; } =
    [
        """
        CREATE TABLE new_limits (
            node       TEXT    NOT NULL REFERENCES nodes (id),
            name       TEXT    NOT NULL,
            zone       TEXT,
            amount     INTEGER NOT NULL CHECK (amount >= 0),
            action     TEXT    NOT NULL CHECK (action IN ('refuse', 'pause', 'ask')),
            thresholds TEXT,
            PRIMARY KEY (node, name)
        ) STRICT, WITHOUT ROWID
        """,
        "INSERT INTO new_limits (node, name, zone, amount, action) SELECT node, name, zone, amount, action FROM limits",
        "DROP TABLE limits",
        "ALTER TABLE new_limits RENAME TO limits",
        "ALTER TABLE nodes ADD COLUMN identical_calls INTEGER CHECK (identical_calls >= 2)",
        "ALTER TABLE agent_budgets ADD COLUMN action TEXT NOT NULL DEFAULT 'refuse' CHECK (action IN ('refuse', 'pause', 'ask'))",
        "ALTER TABLE agent_budgets ADD COLUMN thresholds TEXT",
        "ALTER TABLE agent_budgets ADD COLUMN raises TEXT",
        "ALTER TABLE agent_budgets ADD COLUMN approval TEXT",
        "ALTER TABLE accounts ADD COLUMN raises TEXT",
        "ALTER TABLE accounts ADD COLUMN approval TEXT",
        "ALTER TABLE accounts ADD COLUMN thresholds TEXT",

        // Those of runs have none.
        "UPDATE accounts SET thresholds = '' WHERE limit_name LIKE 'run:%'",
        """
        CREATE TABLE streaks (
            agent       TEXT    NOT NULL REFERENCES nodes (id),
            run         TEXT    NOT NULL,
            fingerprint TEXT    NOT NULL CHECK (length(fingerprint) = 32),
            count       INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (agent, run)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE approvals (
            id         TEXT    NOT NULL PRIMARY KEY,
            agent      TEXT    NOT NULL,
            node       TEXT    NOT NULL,
            limit_name TEXT    NOT NULL,
            number     INTEGER NOT NULL CHECK (number >= 0),
            need       INTEGER NOT NULL,
            run        TEXT,
            model      TEXT,
            asked_at   INTEGER NOT NULL,
            state      TEXT    NOT NULL CHECK (state IN ('pending', 'approved', 'denied')),
            decided_at INTEGER          CHECK ((decided_at IS NULL) = (state = 'pending')),
            done_by    TEXT,
            reason     TEXT,
            added      INTEGER NOT NULL CHECK (added >= 0),
            until      INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX approvals_by_age ON approvals (asked_at, id)",
        "CREATE INDEX approvals_by_state ON approvals (state, asked_at, id)",
        .. Ledger,
        .. SqliteAlertSchema.Tables,
    ];

    private static string[] Ledger =>
    [
        """
        CREATE TABLE new_ledger (
            sequence        INTEGER PRIMARY KEY,
            at              INTEGER NOT NULL,
            kind            TEXT    NOT NULL
                            CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited', 'corrected',
                                'group-created', 'group-deleted', 'moved', 'limit-set', 'limit-removed', 'paused', 'resumed',
                                'approval-asked', 'approved', 'denied', 'breaker-set')),
            agent           TEXT             REFERENCES nodes (id),
            group_id        TEXT             REFERENCES nodes (id) CHECK ((group_id IS NULL) = (agent IS NOT NULL)),
            reservation     TEXT             REFERENCES reservations (id),
            run             TEXT,
            model           TEXT,
            function        TEXT,
            unbounded       TEXT,
            amount          INTEGER NOT NULL CHECK (amount >= 0),
            hard_limit      INTEGER NOT NULL,
            granted         INTEGER NOT NULL,
            raised          INTEGER NOT NULL,
            spent           INTEGER NOT NULL,
            held            INTEGER NOT NULL,
            idempotency_key TEXT,
            content         TEXT,
            limit_name      TEXT,
            under           TEXT,
            done_by         TEXT,
            reason          TEXT
        ) STRICT
        """,
        """
        INSERT INTO new_ledger
            (sequence, at, kind, agent, group_id, reservation, run, model, function, unbounded, amount, hard_limit, granted, raised, spent, held,
             idempotency_key, content, limit_name, under, done_by, reason)
        SELECT sequence, at, kind, agent, group_id, reservation, run, model, function, unbounded, amount, hard_limit, granted, 0, spent, held,
            idempotency_key, content, limit_name, under, done_by, reason
        FROM ledger ORDER BY sequence
        """,
        "DROP TABLE ledger",
        "ALTER TABLE new_ledger RENAME TO ledger",
        "CREATE INDEX ledger_of_agent ON ledger (agent, sequence) WHERE agent IS NOT NULL",
        "CREATE INDEX ledger_of_group ON ledger (group_id, sequence) WHERE group_id IS NOT NULL",
        "CREATE UNIQUE INDEX ledger_idempotency ON ledger (agent, idempotency_key) WHERE idempotency_key IS NOT NULL",
        """
        CREATE TRIGGER ledger_is_never_updated BEFORE UPDATE ON ledger
        BEGIN SELECT RAISE (ABORT, 'The ledger is append-only.'); END
        """,
        """
        CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
        BEGIN SELECT RAISE (ABORT, 'The ledger is append-only.'); END
        """,
    ];
}
