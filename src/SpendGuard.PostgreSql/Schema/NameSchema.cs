namespace SpendGuard.PostgreSql.Schema;

/// <summary>The step of the schema that finds nodes by their names, and keeps what a change of a budget has added to it.</summary>
internal static class NameSchema
{
    public static string[] Step { get; } =
    [
        """
        CREATE INDEX nodes_by_name ON spendguard.nodes (tenant, left(name, 100)) WHERE deleted_at IS NULL AND name IS NOT NULL
        """,

        // The key is in the order of the database's language, in which what begins alike does not stand together.
        """
        CREATE INDEX nodes_by_id_start ON spendguard.nodes (tenant, id COLLATE "C") WHERE deleted_at IS NULL
        """,

        // Below zero where a lower limit has taken back what was free; of entries before, and of other kinds, there is none.
        """
        ALTER TABLE spendguard.ledger ADD COLUMN added bigint
        """,
    ];
}
