using Npgsql;
using SpendGuard.PostgreSql.Commits;

namespace SpendGuard.PostgreSql;

/// <summary>What a failure of the database means, and what to do next.</summary>
internal static class PostgresFaults
{
    /// <summary>Whether the same may well work when it is tried again.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        // An id that another process was faster with: it is there to be read now. A row that changed in spite of its lock: likewise.
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        PostgresException { SqlState: PostgresErrorCodes.NotNullViolation, ColumnName: "entry" } => true,

        // The server is a standby: while another one takes over, that is so for a moment.
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        // Ended for its idleness; of unknown outcome (CockroachDB).
        PostgresException { SqlState: "25P03" or "57P05" or "40003" } => true,
        CommitInDoubtException or PathChangedException => true,
        NpgsqlException fault => fault.IsTransient,
        _ => false,
    };

    /// <summary>
    /// Whether a failed commit has certainly not taken effect: the server itself said that it gave up. A connection that broke says
    /// nothing, and neither does a server that was told to stop.
    /// </summary>
    public static bool IsUndone(Exception exception) => exception is PostgresException
    {
        InvariantSeverity: "ERROR",
        SqlState: not "40003",
    };

    /// <summary>The failure in words. A new exception for each caller: they are thrown on many threads.</summary>
    public static StoreUnavailableException Explain(Exception exception, bool mayHaveTakenEffect)
    {
        var sentence = mayHaveTakenEffect
            ? "Whether the last commands took effect is not known; the same ids sent again will tell."
            : "Nothing was written.";
        return exception switch
        {
            StoreUnavailableException refusal => new StoreUnavailableException(refusal.Message, refusal.InnerException),
            PostgresException fault => new StoreUnavailableException(
                $"The budget database failed: {Reason(fault)} {sentence} ({fault.SqlState}: {fault.MessageText})", exception),
            FormatException or ArgumentException or InvalidCastException => new StoreUnavailableException(
                $"The budget database has a row that cannot be what the store wrote. Restore it from a backup. ({exception.Message})", exception),
            CommitInDoubtException => new StoreUnavailableException(
                $"The budget database did not wait for its standby. {sentence} ({exception.Message})", exception),
            _ => new StoreUnavailableException(
                $"The budget database cannot be reached or does not answer. {sentence} ({exception.Message})", exception),
        };
    }

    private static string Reason(PostgresException fault) => fault.SqlState switch
    {
        "28P01" or "28000" => "it refuses the user or the password.",
        "3D000" => "there is no such database. Create it, or correct the connection string.",
        "42501" => "the user lacks a privilege. references/postgresql.md lists what the store needs.",
        "42P01" or "3F000" => "a table is missing. Run `spendguard migrate`.",
        "25006" => "it is a standby, or set to read only. Connect to the primary.",
        "53100" => "its disk is full. Make room.",
        "53300" => "it has no connection left. Lower the pool's size or raise max_connections.",
        "23514" or "23503" => "it refused what would not have balanced. Please report this.",
        "26000" or "42P05" => "it does not know a prepared statement: a pooler stands between. Add pgbouncer=true to the connection string.",
        _ => "it reported an error.",
    };
}
