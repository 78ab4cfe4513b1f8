using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>One prepared statement.</summary>
/// <remarks>
/// Not a <see cref="SqliteCommand"/>: that answers SQLITE_BUSY by sleeping in steps of 150 ms on top of SQLite's own busy timeout,
/// and allocates for every parameter and reader on the path of every call.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>Runs a statement once.</summary>
    public static void Run(sqlite3 database, string sql)
    {
        using var statement = new SqliteStatement(database, sql);
        statement.Execute();
    }

    /// <summary>Runs a statement once and gives the first column of its first row as text.</summary>
    public static string? Query(sqlite3 database, string sql)
    {
        using var statement = new SqliteStatement(database, sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    public SqliteStatement Bind(int parameter, long? value)
    {
        Check(value is { } number
            ? raw.sqlite3_bind_int64(_statement, parameter, number)
            : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        Check(value is not null
            ? raw.sqlite3_bind_text(_statement, parameter, value)
            : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, Money value) => Bind(parameter, value.Microcents);

    public SqliteStatement Bind(int parameter, DateTimeOffset value) => Bind(parameter, value.UtcTicks);

    /// <summary>Moves to the next row. Whoever stops before the last one has to reset.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        switch (result)
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                Reset();
                return false;
            default:
                try
                {
                    SqliteException.ThrowExceptionForRC(result, _database);
                    return false;
                }
                finally
                {
                    Reset();
                }
        }
    }

    public void Execute()
    {
        while (Step())
        {
            // A pragma that sets something answers with a row.
        }
    }

    /// <summary>Runs it, and reads its last row; nothing when it has none.</summary>
    public T? ReadOne<T>(Func<SqliteStatement, T> read)
    {
        var result = default(T);
        while (Step())
        {
            result = Read(read);
        }

        return result;
    }

    /// <summary>Runs it, and reads its rows.</summary>
    public List<T> ReadAll<T>(Func<SqliteStatement, T> read)
    {
        var results = new List<T>();
        while (Step())
        {
            results.Add(Read(read));
        }

        return results;
    }

    /// <summary>Makes it ready to run again. What an unfinished run reported has been thrown already.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A text as it stands in the file, until the next step; empty for null.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    public string RequiredText(int column) => Text(column) ?? throw new FormatException("A column that is never null is null.");

    public Money Money(int column) => SpendGuard.Money.FromMicrocents(Int64(column));

    public DateTimeOffset Time(int column) => new(Int64(column), TimeSpan.Zero);

    public void Dispose() => _statement.Dispose();

    /// <summary>Reads the row that it is at.</summary>
    public T Read<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            return read(this);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            Reset();
            throw SqliteFaults.Damaged();
        }
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
