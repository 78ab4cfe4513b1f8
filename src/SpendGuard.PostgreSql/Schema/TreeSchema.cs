namespace SpendGuard.PostgreSql.Schema;

/// <summary>The step of the schema that brings groups, limits and accounts.</summary>
/// <remarks>
/// Two tables get other names, so that a process of an earlier version, which would hold nothing in the accounts, cannot go on beside this
/// one: whatever it tries fails, for every command of its has to do with a budget.
/// </remarks>
internal static class TreeSchema
{
    public static string[] Step { get; } =
    [
        """
        ALTER TABLE spendguard.agents RENAME TO nodes
        """,
        """
        ALTER TABLE spendguard.nodes
            ADD COLUMN kind text NOT NULL DEFAULT 'agent' CHECK (kind IN ('agent', 'group')),
            ADD COLUMN parent text, ADD COLUMN paused_at bigint, ADD COLUMN paused_by text, ADD COLUMN pause_reason text
        """,
        """
        ALTER TABLE spendguard.nodes ADD FOREIGN KEY (tenant, parent) REFERENCES spendguard.nodes (tenant, id)
        """,
        """
        CREATE INDEX nodes_by_parent ON spendguard.nodes (tenant, parent) WHERE parent IS NOT NULL
        """,
        """
        CREATE INDEX nodes_paused ON spendguard.nodes (tenant, id) WHERE paused_at IS NOT NULL AND deleted_at IS NULL
        """,
        """
        ALTER TABLE spendguard.budgets RENAME TO agent_budgets
        """,
        """
        ALTER TABLE spendguard.agent_budgets ADD COLUMN is_set boolean NOT NULL DEFAULT true
        """,
        """
        CREATE TABLE spendguard.limits (
            tenant text   NOT NULL,
            node   text   NOT NULL,
            name   text   NOT NULL,
            zone   text,
            amount bigint NOT NULL CHECK (amount >= 0),
            action text   NOT NULL CHECK (action IN ('refuse', 'pause')),
            PRIMARY KEY (tenant, node, name),
            FOREIGN KEY (tenant, node) REFERENCES spendguard.nodes (tenant, id)
        )
        """,
        """
        CREATE TABLE spendguard.accounts (
            tenant     text    NOT NULL,
            node       text    NOT NULL,
            limit_name text    NOT NULL,
            number     integer NOT NULL CHECK (number >= 1),
            began      bigint  NOT NULL,
            ends       bigint           CHECK (ends > began),
            length     bigint           CHECK (length > 0),
            amount     bigint  NOT NULL CHECK (amount >= 0),
            granted    bigint  NOT NULL CHECK (granted >= amount),
            spent      bigint  NOT NULL CHECK (spent >= 0),
            held       bigint  NOT NULL CHECK (held >= 0 AND held <= granted),
            slices     text,
            entry      bigint  NOT NULL,
            PRIMARY KEY (tenant, node, limit_name, number),
            FOREIGN KEY (tenant, node) REFERENCES spendguard.nodes (tenant, id)
        )
        """,
        """
        ALTER TABLE spendguard.reservations ADD COLUMN accounts text, ADD COLUMN ended_at bigint
        """,
        """
        ALTER TABLE spendguard.ledger
            ALTER COLUMN agent DROP NOT NULL,
            DROP CONSTRAINT ledger_kind_check, DROP CONSTRAINT ledger_tenant_agent_fkey,
            ADD COLUMN group_id text, ADD COLUMN limit_name text, ADD COLUMN under text, ADD COLUMN done_by text, ADD COLUMN reason text
        """,
        """
        ALTER TABLE spendguard.ledger
            ADD CONSTRAINT ledger_kind_check CHECK (kind IN ('budget-set', 'budget-closed', 'reserved', 'settled', 'released', 'forfeited',
                'corrected', 'group-created', 'group-deleted', 'moved', 'limit-set', 'limit-removed', 'paused', 'resumed')),
            ADD CONSTRAINT ledger_of_one CHECK ((group_id IS NULL) = (agent IS NOT NULL)),
            ADD FOREIGN KEY (tenant, agent) REFERENCES spendguard.nodes (tenant, id),
            ADD FOREIGN KEY (tenant, group_id) REFERENCES spendguard.nodes (tenant, id)
        """,
        """
        CREATE INDEX ledger_of_group ON spendguard.ledger (tenant, group_id, sequence) WHERE group_id IS NOT NULL
        """,
    ];
}
