namespace SpendGuard.PostgreSql.Schema;

/// <summary>The step of the schema that brings what reports are made of: the tokens of calls, dry runs told from calls, and refusals.</summary>
/// <remarks>Entries that are there already have no counts: what their calls used is not known. What a refusal does not have is an empty text.</remarks>
internal static class ReportSchema
{
    public static string[] Step { get; } =
    [
        """
        ALTER TABLE spendguard.ledger
            ADD COLUMN input_tokens       bigint CHECK (input_tokens >= 0),
            ADD COLUMN cache_read_tokens  bigint CHECK (cache_read_tokens >= 0),
            ADD COLUMN cache_write_tokens bigint CHECK (cache_write_tokens >= 0),
            ADD COLUMN output_tokens      bigint CHECK (output_tokens >= 0),
            ADD COLUMN reasoning_tokens   bigint CHECK (reasoning_tokens >= 0),
            ADD COLUMN dry_run            boolean NOT NULL DEFAULT false
        """,
        """
        CREATE TABLE spendguard.refusals (
            tenant   text    NOT NULL,
            day      integer NOT NULL,
            agent    text    NOT NULL,
            run      text    NOT NULL,
            model    text    NOT NULL,
            function text    NOT NULL,
            reason   text    NOT NULL,
            count    bigint  NOT NULL CHECK (count > 0),
            PRIMARY KEY (tenant, day, agent, run, model, function, reason)
        )
        """,
    ];
}
