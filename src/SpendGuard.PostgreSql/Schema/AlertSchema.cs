namespace SpendGuard.PostgreSql.Schema;

/// <summary>The tables of alerts: what was raised, who is to have it, and how far each is with each.</summary>
internal static class AlertSchema
{
    public static string[] Tables { get; } =
    [
        """
        CREATE TABLE spendguard.alerts (
            tenant   text   NOT NULL,
            sequence bigint NOT NULL,
            id       text   NOT NULL,
            at       bigint NOT NULL,
            node     text   NOT NULL,
            body     text   NOT NULL,
            PRIMARY KEY (tenant, sequence),
            UNIQUE (tenant, id)
        )
        """,
        """
        CREATE INDEX alerts_by_time ON spendguard.alerts (tenant, at)
        """,
        """
        CREATE INDEX alerts_of_node ON spendguard.alerts (tenant, node, sequence)
        """,
        """
        CREATE TABLE spendguard.alert_sinks (
            tenant        text   NOT NULL,
            name          text   NOT NULL,
            registered_at bigint NOT NULL,
            PRIMARY KEY (tenant, name)
        )
        """,
        """
        CREATE TABLE spendguard.alert_deliveries (
            tenant       text    NOT NULL,
            sink         text    NOT NULL,
            sequence     bigint  NOT NULL,
            attempts     integer NOT NULL CHECK (attempts >= 0),
            lease        bigint  NOT NULL CHECK (lease >= 0),
            due_at       bigint,
            delivered_at bigint           CHECK (delivered_at IS NULL OR due_at IS NULL),
            failure      text,
            PRIMARY KEY (tenant, sink, sequence),
            FOREIGN KEY (tenant, sequence) REFERENCES spendguard.alerts (tenant, sequence)
        )
        """,
        """
        CREATE INDEX alert_deliveries_due ON spendguard.alert_deliveries (tenant, sink, due_at, sequence) WHERE due_at IS NOT NULL
        """,
    ];
}
