namespace SpendGuard.PostgreSql.Reports;

/// <summary>The SQL of reports.</summary>
internal static class ReportSql
{
    /// <summary>A page of the entries that are about a call.</summary>
    public const string ReadLines =
        """
        SELECT kind, agent, spent, held, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, dry_run,
            at, reservation, run, model, function, sequence
        FROM spendguard.ledger WHERE tenant = $1 AND sequence > $2 AND reservation IS NOT NULL ORDER BY sequence LIMIT $3
        """;

    // In one order, so that two processes that count the same never wait for one another in a circle.
    public const string CountRefusals =
        """
        INSERT INTO spendguard.refusals AS r (tenant, day, agent, run, model, function, reason, count)
        SELECT $1, c.day, c.agent, c.run, c.model, c.function, c.reason, c.count
        FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
            AS c (day, agent, run, model, function, reason, count)
        ORDER BY c.day, c.agent, c.run, c.model, c.function, c.reason
        ON CONFLICT (tenant, day, agent, run, model, function, reason) DO UPDATE SET count = r.count + excluded.count
        """;

    public const string ReadRefusals = "SELECT day, agent, run, model, function, reason, count FROM spendguard.refusals WHERE tenant = $1";
}
