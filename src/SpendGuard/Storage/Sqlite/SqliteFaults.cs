using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>What a failure of the file means, and what to do next.</summary>
internal static class SqliteFaults
{
    /// <summary>
    /// Whether what is on the disk is no longer known. A failed fsync must not be tried again: the system may have dropped the very
    /// pages that it could not write, and would then report success.
    /// </summary>
    public static bool BreaksStore(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    /// <summary>The failure in words. A new exception for each caller: they are thrown on many threads.</summary>
    public static StoreUnavailableException Explain(Exception exception, SqliteStoreOptions options) => exception switch
    {
        StoreUnavailableException refusal => new StoreUnavailableException(refusal.Message, refusal.InnerException),
        UnbalancedBudgetException => new StoreUnavailableException($"The budget store {options.Path} does not balance: {exception.Message}"),
        SqliteException fault => new StoreUnavailableException(
            $"The budget store {options.Path} failed: {Sentence(fault, options)} ({fault.Message})", fault),
        _ => new StoreUnavailableException($"The budget store {options.Path} failed: {exception.Message}", exception),
    };

    /// <summary>What callers are told once the store refuses everything.</summary>
    public static StoreUnavailableException Refuse(Exception cause, SqliteStoreOptions options) => new(
        $"The budget store {options.Path} refuses everything since an earlier error: {cause.Message} Check the disk, then open the store anew.",
        cause);

    /// <summary>What callers are told while the file is being opened for longer than they can be expected to wait.</summary>
    public static StoreUnavailableException Opening(string stage, SqliteStoreOptions options) => new(
        $"The budget store {options.Path} is being opened: {stage}. Nothing was written; try again in a few seconds.");

    /// <summary>What a row is called that this code cannot have written.</summary>
    public static SqliteException Damaged() => new("A row cannot be what the store wrote.", raw.SQLITE_CORRUPT);

    private static string Sentence(SqliteException fault, SqliteStoreOptions options) => fault.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"its lock was not to be had for {options.BusyTimeout.TotalSeconds:0.###} s: another process held it, or others took it in turn. Nothing was written; try again. "
            + "Where that recurs, have one process write to the file and others go through it, or use PostgreSQL.",
        raw.SQLITE_FULL => "the disk is full. Nothing was written; make room.",
        raw.SQLITE_READONLY => "it cannot be written to. Nothing was written; check the permissions of the file and its folder.",
        raw.SQLITE_CANTOPEN => "it cannot be opened. Check that the folder exists and may be written to.",
        raw.SQLITE_IOERR => "the disk reported an error. Whether the last commands took effect shows when the store is opened anew.",
        raw.SQLITE_CORRUPT => "it is damaged. Restore it from a backup and reconcile it with what the providers billed.",
        raw.SQLITE_NOTADB => "it is no SQLite database.",
        raw.SQLITE_CONSTRAINT => "a rule of the schema was broken, which is an error in SpendGuard. Nothing was written; please report it.",
        _ => "SQLite reported an error. Nothing was written.",
    };
}
