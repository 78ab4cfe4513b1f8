using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Calls;

/// <summary>The calls of one agent that wait for its budget, in the order in which they came.</summary>
[SuppressMessage("Design", "CA1001", Justification = "No wait handle is asked of the semaphore, so there is nothing to free.")]
internal sealed class AgentLine
{
    private readonly SemaphoreSlim _first = new(1, 1);
    private TaskCompletionSource _pulse = NewPulse();

    /// <summary>How many calls are in it; changed by whoever keeps the lines.</summary>
    public int Calls { get; set; }

    /// <summary>The accounts that its calls have waited for, beside the agent's budget; changed by whoever keeps the lines.</summary>
    public HashSet<AccountKey> WaitsFor { get; } = [];

    /// <summary>Ends when the agent's budget changes after it was asked for.</summary>
    public Task NextPulse => Volatile.Read(ref _pulse).Task;

    /// <summary>Says that the agent's budget has changed.</summary>
    public void Pulse() => Interlocked.Exchange(ref _pulse, NewPulse()).TrySetResult();

    /// <summary>Waits until all that came before have left.</summary>
    /// <returns>Whether they did in time.</returns>
    public async ValueTask<bool> IsFirstAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            await _first.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Lets the next one be first.</summary>
    public void Next() => _first.Release();

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
