namespace SpendGuard.Storage.Sqlite;

/// <summary>The step of the schema that brings groups, limits and accounts.</summary>
/// <remarks>
/// Two tables get other names, so that a process of an earlier version, which would hold nothing in the accounts, cannot go on beside this
/// one: whatever it tries fails, for every command of its has to do with a budget. The ledger is written anew as it was, since SQLite changes
/// no check of a table that is there.
/// </remarks>
internal static class SqliteTreeSchema
{
    public static string[] Step { get; } =
    [
        "ALTER TABLE agents RENAME TO nodes",
        "ALTER TABLE nodes ADD COLUMN kind TEXT NOT NULL DEFAULT 'agent' CHECK (kind IN ('agent', 'group'))",
        "ALTER TABLE nodes ADD COLUMN parent TEXT REFERENCES nodes (id)",
        "ALTER TABLE nodes ADD COLUMN paused_at INTEGER",
        "ALTER TABLE nodes ADD COLUMN paused_by TEXT",
        "ALTER TABLE nodes ADD COLUMN pause_reason TEXT",
        "CREATE INDEX nodes_by_parent ON nodes (parent) WHERE parent IS NOT NULL",
        "CREATE INDEX nodes_paused ON nodes (id) WHERE paused_at IS NOT NULL AND deleted_at IS NULL",
        "ALTER TABLE budgets RENAME TO agent_budgets",
        "ALTER TABLE agent_budgets ADD COLUMN is_set INTEGER NOT NULL DEFAULT 1 CHECK (is_set IN (0, 1))",
        """
        CREATE TABLE limits (
            node   TEXT    NOT NULL REFERENCES nodes (id),
            name   TEXT    NOT NULL,
            zone   TEXT,
            amount INTEGER NOT NULL CHECK (amount >= 0),
            action TEXT    NOT NULL CHECK (action IN ('refuse', 'pause')),
            PRIMARY KEY (node, name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE accounts (
            node       TEXT    NOT NULL REFERENCES nodes (id),
            limit_name TEXT    NOT NULL,
            number     INTEGER NOT NULL CHECK (number >= 1),
            began      INTEGER NOT NULL,
            ends       INTEGER          CHECK (ends > began),
            length     INTEGER          CHECK (length > 0),
            amount     INTEGER NOT NULL CHECK (amount >= 0),
            granted    INTEGER NOT NULL CHECK (granted >= amount),
            spent      INTEGER NOT NULL CHECK (spent >= 0),
            held       INTEGER NOT NULL CHECK (held >= 0 AND held <= granted),
            slices     TEXT,
            PRIMARY KEY (node, limit_name, number)
        ) STRICT, WITHOUT ROWID
        """,
        "ALTER TABLE reservations ADD COLUMN accounts TEXT",
        "ALTER TABLE reservations ADD COLUMN ended_at INTEGER",
        """
        CREATE TABLE new_ledger (
            sequence        INTEGER PRIMARY KEY,
            at              INTEGER NOT NULL,
            kind            TEXT    NOT NULL
                            CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited', 'corrected',
                                'group-created', 'group-deleted', 'moved', 'limit-set', 'limit-removed', 'paused', 'resumed')),
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
            (sequence, at, kind, agent, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held, idempotency_key, content)
        SELECT sequence, at, kind, agent, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held, idempotency_key, content
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
