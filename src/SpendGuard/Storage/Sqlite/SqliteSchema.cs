namespace SpendGuard.Storage.Sqlite;

/// <summary>The tables, as a list of steps from one version of the schema to the next. A step is never changed once it has shipped.</summary>
/// <remarks>
/// Amounts are whole microcents, times are UTC ticks (100 ns since year 1), so that both come back exactly as they were.
/// The checks are a backstop for errors of this code; what may happen is decided by <see cref="Budgets.BudgetRules"/>.
/// There is none for <c>spent + held &lt;= granted</c>: a provider that billed more than was held breaks it, and has to be booked.
/// </remarks>
internal static class SqliteSchema
{
    /// <summary>Marks a file as SpendGuard's: "SpGd".</summary>
    public const long ApplicationId = 0x53704764;

    public static int LatestVersion => Steps.Length;

    public static string[][] Steps { get; } =
    [
        [
            """
            CREATE TABLE agents (
                number     INTEGER PRIMARY KEY,
                id         TEXT    NOT NULL UNIQUE,
                name       TEXT,
                created_at INTEGER NOT NULL,
                deleted_at INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE budgets (
                agent         TEXT    NOT NULL PRIMARY KEY REFERENCES agents (id),
                hard_limit    INTEGER NOT NULL CHECK (hard_limit >= 0),
                granted       INTEGER NOT NULL CHECK (granted >= 0),
                spent         INTEGER NOT NULL CHECK (spent >= 0),
                held          INTEGER NOT NULL CHECK (held >= 0 AND held <= granted),
                max_in_flight INTEGER          CHECK (max_in_flight >= 1),
                in_flight     INTEGER NOT NULL CHECK (in_flight > 0 OR (in_flight = 0 AND held = 0)),
                closed        INTEGER NOT NULL CHECK (closed IN (0, 1))
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE reservations (
                number     INTEGER PRIMARY KEY,
                id         TEXT    NOT NULL UNIQUE,
                agent      TEXT    NOT NULL REFERENCES budgets (agent),
                run        TEXT,
                model      TEXT,
                floor      INTEGER NOT NULL CHECK (floor >= 0),
                ceiling    INTEGER NOT NULL CHECK (ceiling >= floor),
                held       INTEGER NOT NULL CHECK (held BETWEEN floor AND ceiling),
                ended      TEXT             CHECK (ended IN ('settled', 'released', 'forfeited')),
                charged    INTEGER NOT NULL CHECK (charged >= 0 AND (ended IS NOT NULL OR charged = 0)),
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX reservations_in_flight ON reservations (expires_at, number) WHERE ended IS NULL",
            """
            CREATE TABLE ledger (
                sequence        INTEGER PRIMARY KEY,
                at              INTEGER NOT NULL,
                kind            TEXT    NOT NULL
                                CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited', 'corrected')),
                agent           TEXT    NOT NULL REFERENCES budgets (agent),
                reservation     TEXT             REFERENCES reservations (id),
                run             TEXT,
                model           TEXT,
                amount          INTEGER NOT NULL CHECK (amount >= 0),
                hard_limit      INTEGER NOT NULL,
                granted         INTEGER NOT NULL,
                spent           INTEGER NOT NULL,
                held            INTEGER NOT NULL,
                idempotency_key TEXT,
                content         TEXT
            ) STRICT
            """,
            "CREATE INDEX ledger_of_agent ON ledger (agent, sequence)",
            "CREATE UNIQUE INDEX ledger_idempotency ON ledger (agent, idempotency_key) WHERE idempotency_key IS NOT NULL",
            """
            CREATE TRIGGER ledger_is_never_updated BEFORE UPDATE ON ledger
            BEGIN SELECT RAISE (ABORT, 'The ledger is append-only.'); END
            """,
            """
            CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
            BEGIN SELECT RAISE (ABORT, 'The ledger is append-only.'); END
            """,
        ],
        [
            "ALTER TABLE reservations ADD COLUMN function TEXT",
            "ALTER TABLE reservations ADD COLUMN unbounded TEXT",
            "ALTER TABLE ledger ADD COLUMN function TEXT",
            "ALTER TABLE ledger ADD COLUMN unbounded TEXT",
        ],
        [
            // The order in which agents are listed, page by page.
            "CREATE INDEX agents_by_age ON agents (created_at, number) WHERE deleted_at IS NULL",
        ],
        [
            // By how much the machine's clock is ahead of the time since it was started (which start that was), in ticks.
            """
            CREATE TABLE clock (
                number INTEGER PRIMARY KEY CHECK (number = 1),
                boot   TEXT    NOT NULL,
                ahead  INTEGER NOT NULL
            ) STRICT
            """,
        ],
        [
            "ALTER TABLE budgets ADD COLUMN max_call_share INTEGER CHECK (max_call_share BETWEEN 1 AND 100)",
        ],
        [
            """
            CREATE TABLE keys (
                number     INTEGER PRIMARY KEY,
                id         TEXT    NOT NULL UNIQUE,
                hash       TEXT             UNIQUE CHECK (length(hash) = 64),
                agent      TEXT    NOT NULL REFERENCES agents (id),
                name       TEXT,
                created_at INTEGER NOT NULL,
                revoked_at INTEGER          CHECK ((revoked_at IS NULL) = (hash IS NOT NULL))
            ) STRICT
            """,
            "CREATE INDEX keys_of_agent ON keys (agent, number)",
        ],
        [
            "ALTER TABLE budgets ADD COLUMN batches INTEGER NOT NULL DEFAULT 0 CHECK (batches >= 0)",
            "ALTER TABLE reservations ADD COLUMN requests INTEGER CHECK (requests >= 1)",
            "ALTER TABLE reservations ADD COLUMN name TEXT",
            "ALTER TABLE reservations ADD COLUMN cards TEXT",
            "CREATE UNIQUE INDEX reservations_by_name ON reservations (name) WHERE name IS NOT NULL",
        ],
        SqliteTreeSchema.Step,
        SqliteApprovalSchema.Step,
        SqliteNameSchema.Step,
        SqliteReportSchema.Step,
    ];
}
