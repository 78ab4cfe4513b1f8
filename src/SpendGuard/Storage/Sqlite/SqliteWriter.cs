using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The one thread that works on the file.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteStoreOptions _options;
    private readonly SqliteState _state;
    private readonly ILogger _logger;
    private readonly SqliteLogWatch _log;
    private readonly BlockingCollection<SqliteWork> _queue = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Only the thread touches it.
    private SqliteSession? _session;

    public SqliteWriter(SqliteStoreOptions options, SqliteState state, ILogger logger)
    {
        _options = options;
        _state = state;
        _logger = logger;
        _log = new SqliteLogWatch(options.Path, logger);
        new Thread(Run) { IsBackground = true, Name = "SpendGuard SQLite writer" }.Start();
    }

    /// <summary>Waits until the file is open, but no longer than callers can be expected to.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or is not open yet: why.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (!_state.IsOpen)
        {
            await ApplyAsync(new SqliteOpenWork(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Queues work, and gives its answer when it is committed; but while the file is not open, no later than callers can wait.</summary>
    /// <exception cref="StoreUnavailableException">It failed, or the file is not open yet: why.</exception>
    public ValueTask<T> ApplyAsync<T>(SqliteWork<T> work, CancellationToken cancellationToken)
    {
        var answer = EnqueueAsync(work, cancellationToken);
        return _state.IsOpen ? answer : _state.UnlessOpeningTakesLongAsync(answer.AsTask(), work);
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
        if (_state.Broken is { } cause)
        {
            Abandon();
            Fail(batch, () => SqliteFaults.Refuse(cause, _options));
            return;
        }

        try
        {
            Commit(_session ??= _state.Open(), batch);
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

    private void Commit(SqliteSession session, List<SqliteWork> batch)
    {
        if (!batch.Exists(work => work.Writes))
        {
            return;
        }

        session.Begin();
        foreach (var work in batch)
        {
            // Only now, when there is nothing more to wait for but the disk, is it too late to withdraw.
            if (work.TryTakeUp() && TryDecide(work, session))
            {
                work.Write(session);
            }
        }

        session.Commit();
        _log.Look();
    }

    private bool TryDecide(SqliteWork work, SqliteSession session)
    {
        try
        {
            work.Decide(session);
            return true;
        }
        catch (Exception exception) when (!IsFault(exception))
        {
            work.Reject(exception is UnbalancedBudgetException ? SqliteFaults.Explain(exception, _options) : exception);
            return false;
        }
    }

    private static bool IsFault(Exception exception) =>
        exception is Microsoft.Data.Sqlite.SqliteException or StoreUnavailableException or OutOfMemoryException;

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

        _state.Break(exception);
        Abandon();
    }

    private void Abandon()
    {
        try
        {
            _session?.Abandon();
        }
        catch (Exception exception)
        {
            Log.CloseFailed(_logger, exception);
        }

        _session = null;
    }

    private void Close()
    {
        if (_state.Broken is not null)
        {
            Abandon();
        }

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
