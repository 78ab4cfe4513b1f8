using System.Collections.Concurrent;
using SpendGuard.Budgets;

namespace SpendGuard.Calls;

/// <summary>Lets calls wait, first come, first served among those of an agent that wait, until a budget unlocks.</summary>
/// <remarks>
/// Only the first in an agent's line asks the store again: when a call in this process ends, and now and then for those that end in
/// other processes.
/// </remarks>
internal sealed class LockedQueue(TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan OtherProcesses = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<AgentId, SemaphoreSlim> _lines = new();
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource _pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that something ended, so that waiting calls ask again.</summary>
    public void Pulse() =>
        Interlocked.Exchange(ref _pulse, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Ends all waiting: the engine is being disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _closed.Dispose();
    }

    /// <summary>Tries until the answer is no longer locked.</summary>
    /// <returns>The last answer; null when the time was up before it was the call's turn.</returns>
    /// <exception cref="ObjectDisposedException">The engine was disposed meanwhile.</exception>
    public async ValueTask<BudgetAnswer?> WaitAsync(
        AgentId agent, TimeSpan wait, Func<ValueTask<BudgetAnswer>> attempt, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(SpendGuardEngine));
        using var deadline = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken, _closed.Token);
        var line = _lines.GetOrAdd(agent, static _ => new SemaphoreSlim(1, 1));
        BudgetAnswer? answer = null;
        try
        {
            await line.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                while (true)
                {
                    // Taken before the attempt, so that what ends during it is not missed.
                    var pulse = Volatile.Read(ref _pulse).Task;
                    answer = await attempt().ConfigureAwait(false);
                    if (answer.Status != BudgetStatus.Locked)
                    {
                        return answer;
                    }

                    await Task.WhenAny(pulse, Task.Delay(OtherProcesses, time, either.Token)).ConfigureAwait(false);
                    either.Token.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                line.Release();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(SpendGuardEngine), "The engine was disposed while the call waited for its budget. Nothing is held for it.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return answer;
        }
    }
}
