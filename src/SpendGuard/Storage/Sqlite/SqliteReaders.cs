using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The connections that answer questions, so that none waits for the writer, nor the writer for it.</summary>
/// <param name="options">Which file, and how.</param>
/// <param name="state">Knows whether the file can be trusted.</param>
internal sealed class SqliteReaders(SqliteStoreOptions options, SqliteState state) : IAsyncDisposable
{
    private const int MostAtOnce = 4;

    private readonly SemaphoreSlim _turns = new(MostAtOnce);
    private readonly ConcurrentBag<(SqliteConnection Connection, SqliteQueries Queries)> _idle = [];
    private volatile bool _closed;

    /// <summary>Asks a question, with a view of the file that ends with it.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read, and why.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteQueries, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteBudgetStore));
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteBudgetStore));
            return await Task.Run(() => Read(read), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Waits for the questions that are being answered, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var turn = 0; turn < MostAtOnce; turn++)
        {
            await _turns.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryTake(out var reader))
        {
            Close(reader.Connection, reader.Queries);
        }

        // Those who wait see that it is closed.
        _turns.Release(MostAtOnce);
    }

    private T Read<T>(Func<SqliteQueries, T> read)
    {
        state.ThrowIfBroken();
        try
        {
            var reader = _idle.TryTake(out var idle) ? idle : Open();
            try
            {
                var answer = read(reader.Queries);
                _idle.Add(reader);
                return answer;
            }
            catch
            {
                Close(reader.Connection, reader.Queries);
                throw;
            }
        }
        catch (Exception exception) when (exception is SqliteException or UnbalancedBudgetException)
        {
            state.Report(exception);
            throw SqliteFaults.Explain(exception, options);
        }
    }

    private (SqliteConnection Connection, SqliteQueries Queries) Open()
    {
        var connection = SqliteFile.OpenReader(options);
        try
        {
            return (connection, new SqliteQueries(connection));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Close(SqliteConnection connection, SqliteQueries queries)
    {
        queries.Dispose();
        connection.Dispose();
    }
}
