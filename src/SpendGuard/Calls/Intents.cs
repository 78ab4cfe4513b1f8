using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls;

/// <summary>The one queue of what this process meant to commit and could not. It is tried again until the store has it.</summary>
/// <remarks>What is left when the process ends stays held in the store, and is forfeited when it expires.</remarks>
internal sealed class Intents(IBudgetStore store, TimeProvider time, LockedQueue locked, ILogger logger) : IAsyncDisposable
{
    /// <summary>A store takes many in one commit, and one that hangs must not make each wait for all others.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Intent> _waiting = new();
    private readonly CancellationTokenSource _stopped = new();
    private Task? _committing;

    /// <summary>Commits something now, or else later.</summary>
    /// <returns>What the store answered; null when it has not, and it is tried again from now on.</returns>
    public async ValueTask<BudgetAnswer?> CommitAsync(Intent intent)
    {
        var (answer, again) = await TryAsync(intent).ConfigureAwait(false);
        if (again)
        {
            Add(intent);
        }

        return answer;
    }

    /// <summary>Commits something as soon as it can be.</summary>
    public void Add(Intent intent)
    {
        _waiting.Enqueue(intent);
        lock (_lock)
        {
            if (_committing is null && !_stopped.IsCancellationRequested)
            {
                var timer = new PeriodicTimer(Pause, time);
                _committing = Task.Run(() => CommitUntilNoneIsLeftAsync(timer));
            }
        }
    }

    /// <summary>Tries what waits once more, and gives up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        Task? committing;
        lock (_lock)
        {
            committing = _committing;
        }

        await (committing ?? Task.CompletedTask).ConfigureAwait(false);
        await CommitAgainAsync().ConfigureAwait(false);
        foreach (var left in _waiting)
        {
            Log.LeftToExpire(logger, left.Id);
        }

        _stopped.Dispose();
    }

    private async Task CommitUntilNoneIsLeftAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
                {
                    await CommitAgainAsync().ConfigureAwait(false);
                    lock (_lock)
                    {
                        if (_waiting.IsEmpty)
                        {
                            _committing = null;
                            return;
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                // The engine is being disposed.
            }
        }
    }

    private Task CommitAgainAsync()
    {
        var left = new List<Intent>();
        while (_waiting.TryDequeue(out var intent))
        {
            left.Add(intent);
        }

        return Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (intent, _) =>
        {
            if ((await TryAsync(intent).ConfigureAwait(false)).Again)
            {
                _waiting.Enqueue(intent);
            }
        });
    }

    private async ValueTask<(BudgetAnswer? Answer, bool Again)> TryAsync(Intent intent)
    {
        try
        {
            var answer = await intent.TryAsync(store, time.GetUtcNow()).ConfigureAwait(false);
            return (answer, Again: answer is null);
        }
        catch (Exception exception)
        {
            Log.NotCommitted(logger, exception, intent.Id);

            // What the store rejects for good, it would reject again; the hold is forfeited when it expires.
            return (null, Again: exception is not (ArgumentException or OverflowException));
        }
        finally
        {
            locked.Pulse(intent.Agent, intent.Accounts);
        }
    }
}
