using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls.Parking;

/// <summary>
/// Lets calls wait whose budget has asked for approval, until somebody answers. They hold nothing meanwhile, in no run and no line of
/// <see cref="LockedQueue"/>, so that smaller calls go before them.
/// </summary>
/// <remarks>
/// A parked call looks at its request, and at the way from its agent to the root, once a second and when something here has answered one: these
/// are reads. It asks for its hold again once the answer is there, a node is paused, or the limit no longer has the request: it was set anew, or
/// its next window has begun.
/// </remarks>
/// <param name="store">Where requests are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="places">How many calls may wait; of one agent a quarter of them, so that others have a place too.</param>
internal sealed class ParkedCalls(IBudgetStore store, TimeProvider time, int places) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AgentId, int> _parked = [];
    private readonly int _placesOfOne = Math.Max(1, places / 4);
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource _pulse = NewPulse();
    private int _taken;
    private int _disposed;

    /// <summary>How many calls wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Has all look at once: something here has answered a request, or paused a node.</summary>
    public void Pulse() => Interlocked.Exchange(ref _pulse, NewPulse()).TrySetResult();

    /// <summary>Ends all waiting: the engine is being disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            _closed.Dispose();
        }
    }

    /// <summary>Asks for a hold, and where it is refused with a request for approval waits for the answer and asks again.</summary>
    /// <param name="wait">How long it waits for answers in all; zero not to wait.</param>
    /// <param name="hold">Asks for the hold, each time at the prices in force: it may have waited for longer than these stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="SpendGuardException">The hold was refused, and the request denied, or not answered in time.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed meanwhile.</exception>
    public async ValueTask<T> HoldAsync<T>(TimeSpan wait, Func<ValueTask<T>> hold, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        ApprovalId? before = null;
        while (true)
        {
            try
            {
                return await hold().ConfigureAwait(false);
            }
            catch (InsufficientBudgetException refusal) when (refusal is { Approval: not null, IsDenied: false } && time.GetElapsedTime(since) < wait)
            {
                var id = refusal.Approval!.Value;
                if (!await IsWorthAskingAgainAsync(refusal.Agent, id, id != before, () => wait - time.GetElapsedTime(since), cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }

                before = id;
            }
        }
    }

    /// <param name="agent">Whose call it is.</param>
    /// <param name="id">The request.</param>
    /// <param name="isNew">Whether it is another than before; the same is not asked after in one go, whatever the clock of the store says.</param>
    /// <param name="left">How long it may still wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async ValueTask<bool> IsWorthAskingAgainAsync(AgentId agent, ApprovalId id, bool isNew, Func<TimeSpan> left, CancellationToken cancellationToken)
    {
        if (!TryEnter(agent))
        {
            return false;
        }

        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            for (var looks = isNew; ; looks = true)
            {
                // Taken before the look, so that what is answered during it is not missed.
                var pulse = Volatile.Read(ref _pulse).Task;
                if (looks && await IsAnsweredAsync(agent, id, gone.Token).ConfigureAwait(false))
                {
                    return true;
                }

                if (left() is var rest && rest <= TimeSpan.Zero)
                {
                    return false;
                }

                await pulse.WaitAsync(rest < Interval ? rest : Interval, time, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                gone.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(SpendGuardEngine), "The engine was disposed while the call waited for approval. Nothing is held for it.");
        }
        finally
        {
            Leave(agent);
        }
    }

    /// <summary>Whether a call would meet something else than the request that waits for its answer.</summary>
    private async ValueTask<bool> IsAnsweredAsync(AgentId agent, ApprovalId id, CancellationToken cancellationToken)
    {
        if (await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) is not { State: ApprovalState.Pending })
        {
            return true;
        }

        var path = await store.FindPathAsync(agent, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return path.Any(node => node.Node.Pause is not null) || !path.Any(node => node.Budget?.Approval == id
            || node.Limits.Any(limit => limit.Account is { } account && account.Approval == id && !(now >= account.Until)));
    }

    private bool TryEnter(AgentId agent)
    {
        lock (_lock)
        {
            var own = _parked.GetValueOrDefault(agent);
            if (_taken >= places || own >= _placesOfOne)
            {
                return false;
            }

            _taken++;
            _parked[agent] = own + 1;
            return true;
        }
    }

    private void Leave(AgentId agent)
    {
        lock (_lock)
        {
            _taken--;
            if (--_parked[agent] == 0)
            {
                _parked.Remove(agent);
            }
        }
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
