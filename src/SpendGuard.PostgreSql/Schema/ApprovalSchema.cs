namespace SpendGuard.PostgreSql.Schema;

/// <summary>The step of the schema that brings requests for approval, identical calls, and alerts.</summary>
/// <remarks>
/// Every entry of the ledger says what of the budget is granted for a time, and none is taken that does not: a process of an earlier version,
/// which knows of no raises and raises no alerts, cannot go on beside this one.
/// </remarks>
internal static class ApprovalSchema
{
    public static string[] Step { get; } =
    [
        """
        ALTER TABLE spendguard.limits
            DROP CONSTRAINT limits_action_check,
            ADD CONSTRAINT limits_action_check CHECK (action IN ('refuse', 'pause', 'ask')),
            ADD COLUMN thresholds text
        """,
        """
        ALTER TABLE spendguard.nodes ADD COLUMN identical_calls integer CHECK (identical_calls >= 2)
        """,
        """
        ALTER TABLE spendguard.agent_budgets
            ADD COLUMN action text NOT NULL DEFAULT 'refuse' CHECK (action IN ('refuse', 'pause', 'ask')),
            ADD COLUMN thresholds text, ADD COLUMN raises text, ADD COLUMN approval text
        """,
        """
        ALTER TABLE spendguard.accounts ADD COLUMN raises text, ADD COLUMN approval text, ADD COLUMN thresholds text
        """,

        // Those of runs have none.
        """
        UPDATE spendguard.accounts SET thresholds = '' WHERE limit_name LIKE 'run:%'
        """,
        """
        ALTER TABLE spendguard.ledger
            DROP CONSTRAINT ledger_kind_check,
            ADD CONSTRAINT ledger_kind_check CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited',
                'corrected', 'group-created', 'group-deleted', 'moved', 'limit-set', 'limit-removed', 'paused', 'resumed',
                'approval-asked', 'approved', 'denied', 'breaker-set')),
            ADD COLUMN raised bigint NOT NULL DEFAULT 0
        """,
        """
        ALTER TABLE spendguard.ledger ALTER COLUMN raised DROP DEFAULT
        """,
        """
        CREATE TABLE spendguard.streaks (
            tenant      text    NOT NULL,
            agent       text    NOT NULL,
            run         text    NOT NULL,
            fingerprint text    NOT NULL CHECK (length(fingerprint) = 32),
            count       integer NOT NULL CHECK (count >= 0),
            PRIMARY KEY (tenant, agent, run),
            FOREIGN KEY (tenant, agent) REFERENCES spendguard.nodes (tenant, id)
        )
        """,
        """
        CREATE TABLE spendguard.approvals (
            tenant     text    NOT NULL,
            id         text    NOT NULL,
            agent      text    NOT NULL,
            node       text    NOT NULL,
            limit_name text    NOT NULL,
            number     integer NOT NULL CHECK (number >= 0),
            need       bigint  NOT NULL,
            run        text,
            model      text,
            asked_at   bigint  NOT NULL,
            state      text    NOT NULL CHECK (state IN ('pending', 'approved', 'denied')),
            decided_at bigint           CHECK ((decided_at IS NULL) = (state = 'pending')),
            done_by    text,
            reason     text,
            added      bigint  NOT NULL CHECK (added >= 0),
            until      bigint,
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, agent) REFERENCES spendguard.nodes (tenant, id),
            FOREIGN KEY (tenant, node) REFERENCES spendguard.nodes (tenant, id)
        )
        """,
        """
        CREATE INDEX approvals_by_age ON spendguard.approvals (tenant, asked_at, id COLLATE "C")
        """,
        """
        CREATE INDEX approvals_by_state ON spendguard.approvals (tenant, state, asked_at, id COLLATE "C")
        """,
        .. AlertSchema.Tables,
    ];
}
