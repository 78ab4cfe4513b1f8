using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Whether the file is open, what is done until it is, and whether it can still be trusted.</summary>
internal sealed class SqliteState(SqliteStoreOptions options, ILogger logger)
{
    private const long NotOpening = -1;

    private volatile bool _isOpen;
    private volatile Exception? _broken;
    private volatile string _stage = "it has not begun";
    private long _openingSince = NotOpening;

    public bool IsOpen => _isOpen;

    /// <summary>The error that has left the state of the disk unknown; null while there was none.</summary>
    public Exception? Broken => _broken;

    /// <summary>Opens the file.</summary>
    public SqliteSession Open()
    {
        Interlocked.Exchange(ref _openingSince, Stopwatch.GetTimestamp());
        try
        {
            var session = SqliteSession.Open(options, stage => _stage = stage);
            Log.Opened(logger, options.Path, session.Schema, session.Version);
            _isOpen = true;
            return session;
        }
        finally
        {
            Interlocked.Exchange(ref _openingSince, NotOpening);
        }
    }

    /// <summary>Waits for an answer, but while the file is not open no longer than callers can be expected to.</summary>
    /// <exception cref="StoreUnavailableException">The file is not open yet; the work is withdrawn.</exception>
    public async ValueTask<T> UnlessOpeningTakesLongAsync<T>(Task<T> answer, SqliteWork work)
    {
        var since = Interlocked.Read(ref _openingSince);
        var patience = since == NotOpening ? options.OpeningPatience : options.OpeningPatience - Stopwatch.GetElapsedTime(since);
        try
        {
            return await answer.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return _isOpen || !work.TryWithdraw() ? await answer.ConfigureAwait(false) : throw SqliteFaults.Opening(_stage, options);
        }
    }

    /// <summary>Refuses everything from now on.</summary>
    public void Break(Exception cause)
    {
        if (Interlocked.CompareExchange(ref _broken, cause, null) is null)
        {
            Log.Broken(logger, cause, options.Path);
        }
    }

    /// <summary>Takes note of an error that a question has met.</summary>
    public void Report(Exception exception)
    {
        Log.ReadFailed(logger, exception);
        if (SqliteFaults.BreaksStore(exception))
        {
            Break(exception);
        }
    }

    /// <summary>Refuses when an earlier error has left the state of the disk unknown.</summary>
    /// <exception cref="StoreUnavailableException">One has.</exception>
    public void ThrowIfBroken()
    {
        if (_broken is { } cause)
        {
            throw SqliteFaults.Refuse(cause, options);
        }
    }
}
