using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The one thread that works on the file.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteStoreOptions _options;
    private readonly ILogger _logger;
    private readonly BlockingCollection<SqliteWork> _queue = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Only the thread touches these.
    private SqliteSession? _session;
    private Exception? _broken;

    public SqliteWriter(SqliteStoreOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "SpendGuard SQLite writer" }.Start();
    }

    /// <summary>Queues work, and gives its answer when it is committed.</summary>
    public ValueTask<T> EnqueueAsync<T>(SqliteWork<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, typeof(SqliteBudgetStore));
        work.WithdrawWhen(cancellationToken);
        try
        {
            _queue.Add(work, CancellationToken.None);
        }
        catch (InvalidOperationException exception)
        {
            throw new ObjectDisposedException("The budget store was closed just now.", exception);
        }

        return new ValueTask<T>(work.Task);
    }

    /// <summary>Finishes what is queued, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _stopped.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        // No delay to gather more: while the disk is busy with one batch, the next one queues up.
        var batch = new List<SqliteWork>(_options.MaxBatch);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < _options.MaxBatch && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            Process(batch);
            batch.Clear();
        }

        Close();
        _stopped.SetResult();
    }

    private void Process(List<SqliteWork> batch)
    {
        if (_broken is not null)
        {
            Fail(batch, () => SqliteFaults.Refuse(_broken, _options));
            return;
        }

        try
        {
            Commit(_session ??= Open(), batch);
        }
        catch (Exception exception)
        {
            Log.BatchFailed(_logger, exception, batch.Count);
            Undo(exception);
            Fail(batch, () => SqliteFaults.Explain(exception, _options));
            return;
        }

        foreach (var work in batch)
        {
            work.Complete();
        }
    }

    private static void Commit(SqliteSession session, List<SqliteWork> batch)
    {
        session.Begin(batch.Exists(work => work.Writes));
        foreach (var work in batch)
        {
            // Only now, when there is nothing more to wait for but the disk, is it too late to withdraw.
            if (work.TryTakeUp() && TryDecide(work, session))
            {
                work.Write(session);
            }
        }

        session.Commit();
    }

    private static bool TryDecide(SqliteWork work, SqliteSession session)
    {
        try
        {
            work.Decide(session);
            return true;
        }
        catch (Exception exception) when (!IsFault(exception))
        {
            work.Reject(exception);
            return false;
        }
    }

    private static bool IsFault(Exception exception) =>
        exception is Microsoft.Data.Sqlite.SqliteException or StoreUnavailableException or OutOfMemoryException;

    private SqliteSession Open()
    {
        var session = SqliteSession.Open(_options);
        Log.Opened(_logger, _options.Path, session.Schema, session.Version);
        return session;
    }

    private void Undo(Exception exception)
    {
        if (!SqliteFaults.BreaksStore(exception))
        {
            try
            {
                _session?.Rollback();
                return;
            }
            catch (Exception second)
            {
                exception = second;
            }
        }

        _broken = exception;
        Log.Broken(_logger, exception, _options.Path);
        try
        {
            _session?.Abandon();
        }
        catch (Exception third)
        {
            Log.CloseFailed(_logger, third);
        }

        _session = null;
    }

    private void Close()
    {
        try
        {
            _session?.Dispose();
        }
        catch (Exception exception)
        {
            Log.CloseFailed(_logger, exception);
        }
    }

    private static void Fail(List<SqliteWork> batch, Func<StoreUnavailableException> failure)
    {
        foreach (var work in batch)
        {
            work.Fail(failure());
        }
    }
}
