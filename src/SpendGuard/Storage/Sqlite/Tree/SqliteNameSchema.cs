namespace SpendGuard.Storage.Sqlite;

/// <summary>The step of the schema that finds nodes by their names, and keeps what a change of a budget has added to it.</summary>
internal static class SqliteNameSchema
{
    public static string[] Step { get; } =
    [
        "CREATE INDEX nodes_by_name ON nodes (name, id) WHERE name IS NOT NULL AND deleted_at IS NULL",

        // Below zero where a lower limit has taken back what was free; of entries before, and of other kinds, there is none.
        "ALTER TABLE ledger ADD COLUMN added INTEGER",
    ];
}
