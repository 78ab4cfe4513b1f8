namespace SpendGuard.PostgreSql.Schema;

/// <summary>The tables, as a list of steps from one version of the schema to the next. A step is never changed once it has shipped.</summary>
/// <remarks>
/// They stand in a schema of their own, out of the way of other tables and of tools that publish the schema <c>public</c>. The tenant
/// is part of every key, so that a tenant's rows can be put on one node, and no statement ever joins two tenants. Amounts are whole
/// microcents, times are UTC ticks (100 ns since year 1), so that both come back exactly as they were. The checks are a backstop for
/// errors of this code; what may happen is decided by <see cref="Budgets.BudgetRules"/>. There is none for
/// <c>spent + held &lt;= granted</c>: a provider that billed more than was held breaks it, and has to be booked.
/// </remarks>
internal static class PostgresSchema
{
    public static int LatestVersion => Steps.Length;

    public const string Found =
        """
        CREATE SCHEMA IF NOT EXISTS spendguard
        """;

    public const string FoundMigrations =
        """
        CREATE TABLE IF NOT EXISTS spendguard.migrations (
            version     integer     NOT NULL PRIMARY KEY,
            migrated_at timestamptz NOT NULL DEFAULT now()
        )
        """;

    public static string[][] Steps { get; } =
    [
        [
            """
            CREATE TABLE IF NOT EXISTS spendguard.ledgers (
                tenant text   NOT NULL PRIMARY KEY,
                last   bigint NOT NULL CHECK (last >= 0)
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS spendguard.agents (
                tenant     text   NOT NULL,
                id         text   NOT NULL,
                name       text,
                created_at bigint NOT NULL,
                deleted_at bigint,
                batch      uuid   NOT NULL,
                PRIMARY KEY (tenant, id)
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS spendguard.budgets (
                tenant        text    NOT NULL,
                agent         text    NOT NULL,
                hard_limit    bigint  NOT NULL CHECK (hard_limit >= 0),
                granted       bigint  NOT NULL CHECK (granted >= 0),
                spent         bigint  NOT NULL CHECK (spent >= 0),
                held          bigint  NOT NULL CHECK (held >= 0 AND held <= granted),
                max_in_flight integer          CHECK (max_in_flight >= 1),
                in_flight     integer NOT NULL CHECK (in_flight > 0 OR (in_flight = 0 AND held = 0)),
                closed        boolean NOT NULL,
                entry         bigint  NOT NULL CHECK (entry > 0),
                PRIMARY KEY (tenant, agent),
                FOREIGN KEY (tenant, agent) REFERENCES spendguard.agents (tenant, id)
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS spendguard.reservations (
                tenant     text   NOT NULL,
                id         text   NOT NULL,
                agent      text   NOT NULL,
                run        text,
                model      text,
                function   text,
                unbounded  text,
                floor      bigint NOT NULL CHECK (floor >= 0),
                ceiling    bigint NOT NULL CHECK (ceiling >= floor),
                held       bigint NOT NULL CHECK (held BETWEEN floor AND ceiling),
                ended      text            CHECK (ended IN ('settled', 'released', 'forfeited')),
                charged    bigint NOT NULL CHECK (charged >= 0 AND (ended IS NOT NULL OR charged = 0)),
                created_at bigint NOT NULL,
                expires_at bigint NOT NULL,
                entry      bigint NOT NULL,
                PRIMARY KEY (tenant, id),
                FOREIGN KEY (tenant, agent) REFERENCES spendguard.budgets (tenant, agent)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS reservations_in_flight ON spendguard.reservations (tenant, expires_at, entry) WHERE ended IS NULL
            """,
            """
            CREATE TABLE IF NOT EXISTS spendguard.ledger (
                tenant          text   NOT NULL,
                sequence        bigint NOT NULL,
                at              bigint NOT NULL,
                kind            text   NOT NULL
                                CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited', 'corrected')),
                agent           text   NOT NULL,
                reservation     text,
                run             text,
                model           text,
                function        text,
                unbounded       text,
                amount          bigint NOT NULL CHECK (amount >= 0),
                hard_limit      bigint NOT NULL,
                granted         bigint NOT NULL,
                spent           bigint NOT NULL,
                held            bigint NOT NULL,
                idempotency_key text,
                content         text,
                batch           uuid   NOT NULL,
                PRIMARY KEY (tenant, sequence),
                FOREIGN KEY (tenant, agent) REFERENCES spendguard.budgets (tenant, agent),
                FOREIGN KEY (tenant, reservation) REFERENCES spendguard.reservations (tenant, id)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS ledger_of_agent ON spendguard.ledger (tenant, agent, sequence)
            """,
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ledger_idempotency ON spendguard.ledger (tenant, agent, idempotency_key)
            WHERE idempotency_key IS NOT NULL
            """,
        ],
        [
            """
            CREATE TABLE IF NOT EXISTS spendguard.keys (
                id           text    NOT NULL PRIMARY KEY,
                hash         bytea            UNIQUE CHECK (length(hash) = 32),
                organization text    NOT NULL,
                scopes       integer NOT NULL CHECK (scopes BETWEEN 1 AND 3),
                agent        text             CHECK (agent IS NULL OR scopes = 1),
                name         text,
                created_at   bigint  NOT NULL,
                revoked_at   bigint           CHECK ((revoked_at IS NULL) = (hash IS NOT NULL))
            )
            """,
        ],
        [
            """
            CREATE INDEX IF NOT EXISTS agents_by_age ON spendguard.agents (tenant, created_at, id) WHERE deleted_at IS NULL
            """,
        ],
        [
            """
            ALTER TABLE spendguard.budgets ADD COLUMN IF NOT EXISTS max_call_share integer CHECK (max_call_share BETWEEN 1 AND 100)
            """,
        ],
        [
            """
            ALTER TABLE spendguard.budgets ADD COLUMN IF NOT EXISTS batches integer NOT NULL DEFAULT 0 CHECK (batches >= 0)
            """,
            """
            ALTER TABLE spendguard.reservations
                ADD COLUMN IF NOT EXISTS requests integer CHECK (requests >= 1), ADD COLUMN IF NOT EXISTS name text,
                ADD COLUMN IF NOT EXISTS cards text
            """,
            """
            CREATE UNIQUE INDEX IF NOT EXISTS reservations_by_name ON spendguard.reservations (tenant, name) WHERE name IS NOT NULL
            """,
        ],
        TreeSchema.Step,
        ApprovalSchema.Step,
        NameSchema.Step,
        ReportSchema.Step,
    ];
}
