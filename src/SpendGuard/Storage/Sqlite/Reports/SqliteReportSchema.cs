namespace SpendGuard.Storage.Sqlite;

/// <summary>The step of the schema that brings what reports are made of: the tokens of calls, dry runs told from calls, and refusals.</summary>
/// <remarks>Entries that are there already have no counts: what their calls used is not known. What a refusal does not have is an empty text.</remarks>
internal static class SqliteReportSchema
{
    public static string[] Step { get; } =
    [
        "ALTER TABLE ledger ADD COLUMN input_tokens INTEGER CHECK (input_tokens >= 0)",
        "ALTER TABLE ledger ADD COLUMN cache_read_tokens INTEGER CHECK (cache_read_tokens >= 0)",
        "ALTER TABLE ledger ADD COLUMN cache_write_tokens INTEGER CHECK (cache_write_tokens >= 0)",
        "ALTER TABLE ledger ADD COLUMN output_tokens INTEGER CHECK (output_tokens >= 0)",
        "ALTER TABLE ledger ADD COLUMN reasoning_tokens INTEGER CHECK (reasoning_tokens >= 0)",
        "ALTER TABLE ledger ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1))",
        """
        CREATE TABLE refusals (
            day      INTEGER NOT NULL,
            agent    TEXT    NOT NULL,
            run      TEXT    NOT NULL,
            model    TEXT    NOT NULL,
            function TEXT    NOT NULL,
            reason   TEXT    NOT NULL,
            count    INTEGER NOT NULL CHECK (count > 0),
            PRIMARY KEY (day, agent, run, model, function, reason)
        ) STRICT, WITHOUT ROWID
        """,
    ];
}
