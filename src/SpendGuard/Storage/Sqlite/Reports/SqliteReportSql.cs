namespace SpendGuard.Storage.Sqlite;

/// <summary>The SQL of reports.</summary>
internal static class SqliteReportSql
{
    /// <summary>All entries that are about a call, in their order. One pass over the table: whatever the window, what began before it has to be known.</summary>
    public const string ReadLines =
        """
        SELECT kind, agent, spent, held, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run,
            at, reservation, run, model, function
        FROM ledger WHERE reservation IS NOT NULL ORDER BY sequence
        """;

    public const string CountRefusals =
        """
        INSERT INTO refusals (day, agent, run, model, function, reason, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (day, agent, run, model, function, reason) DO UPDATE SET count = count + excluded.count
        """;

    public const string ReadRefusals = "SELECT day, agent, run, model, function, reason, count FROM refusals";
}
