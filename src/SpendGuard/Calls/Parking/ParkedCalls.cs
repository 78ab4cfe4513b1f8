using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls.Parking;

/// <summary>
/// Lets calls wait whose budget has asked for approval, until somebody answers or they fit otherwise. They hold nothing meanwhile, in no run and
/// no line of <see cref="LockedQueue"/>, so that smaller calls go before them.
/// </summary>
/// <remarks>
/// A parked call looks at its request, and at the way from its agent to the root, once a second and when something here has answered one, or set
/// a limit: these are reads. It asks for its hold again where that would meet something else than before: the answer is there, a node is paused,
/// the limit no longer has the request, or it has room. Where the room is held by others, it waits on as long as it was told to, and looks for
/// what they give back. When that is over it asks once more.
/// </remarks>
/// <param name="store">Where requests are kept.</param>
/// <param name="holds">Clears away holds that have expired, which nobody else may do meanwhile.</param>
/// <param name="time">The clock.</param>
/// <param name="places">How many calls may wait; of one agent a quarter of them, so that others have a place too.</param>
internal sealed class ParkedCalls(IBudgetStore store, Holds holds, TimeProvider time, int places) : IAsyncDisposable
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

    /// <summary>Has all look at once: something here has answered a request, set a limit, or paused or moved a node.</summary>
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
    /// <param name="hold">
    /// Asks for the hold, each time at the prices in force: it may have waited for longer than these stay as they are. It is told how long it may
    /// wait at most while its budget is locked.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="SpendGuardException">The hold was refused, and the request denied, or not answered in time.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed meanwhile.</exception>
    public async ValueTask<T> HoldAsync<T>(TimeSpan wait, Func<TimeSpan, ValueTask<T>> hold, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        try
        {
            return await hold(TimeSpan.MaxValue).ConfigureAwait(false);
        }
        catch (InsufficientBudgetException refusal) when (MayBeAnswered(refusal) && Left() > TimeSpan.Zero && TryEnter(refusal.Agent))
        {
            try
            {
                return await AskAgainAsync(refusal, Left, hold, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Leave(refusal.Agent);
            }
        }

        TimeSpan Left() => wait - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The shorter of how long a call waits while its budget is locked, and of how long it may.</summary>
    public static TimeSpan Shorter(TimeSpan? own, TimeSpan most) => own < most ? own.Value : most;

    private async ValueTask<T> AskAgainAsync<T>(
        BudgetRefusedException refusal, Func<TimeSpan> left, Func<TimeSpan, ValueTask<T>> hold, CancellationToken cancellationToken)
    {
        for (var isNew = true; ;)
        {
            await UntilWorthAskingAsync(refusal, isNew, left, cancellationToken).ConfigureAwait(false);
            try
            {
                return await hold(left()).ConfigureAwait(false);
            }
            catch (BudgetRefusedException again) when ((again is BudgetLockedException || MayBeAnswered(again)) && left() > TimeSpan.Zero)
            {
                isNew = again is InsufficientBudgetException { Approval: { } id } && id != (refusal as InsufficientBudgetException)?.Approval;
                refusal = again;
            }
        }
    }

    /// <param name="refusal">What the call was told last.</param>
    /// <param name="isNew">Whether it is of another request than before; after the same it does not ask in one go, whatever the clock of the store says.</param>
    /// <param name="left">How long it may still wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async ValueTask UntilWorthAskingAsync(BudgetRefusedException refusal, bool isNew, Func<TimeSpan> left, CancellationToken cancellationToken)
    {
        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            for (var looks = isNew; ; looks = true)
            {
                // Taken before the look, so that what changes during it is not missed.
                var pulse = Volatile.Read(ref _pulse).Task;
                if ((looks && await IsWorthAskingAsync(refusal, gone.Token).ConfigureAwait(false)) || left() is var rest && rest == TimeSpan.Zero)
                {
                    return;
                }

                await pulse.WaitAsync(rest < Interval ? rest : Interval, time, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                gone.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(SpendGuardEngine), "The engine was disposed while the call waited for approval. Nothing is held for it.");
        }
    }

    /// <summary>Whether a call would meet something else than what it was told last.</summary>
    private async ValueTask<bool> IsWorthAskingAsync(BudgetRefusedException refusal, CancellationToken cancellationToken)
    {
        if (refusal is BudgetLockedException)
        {
            await holds.ForfeitExpiredAsync(agent: null, cancellationToken).ConfigureAwait(false);
        }

        var path = await store.FindPathAsync(refusal.Agent, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (path.Any(node => node.Node.Pause is not null))
        {
            return true;
        }

        if (refusal is not InsufficientBudgetException { Approval: { } id })
        {
            // It is locked still as long as there is enough for it, but not free.
            var nodes = path.Select(node => NodeBudgets.Of(node, now)).ToList();
            return nodes.Any(node => node.Attainable < refusal.Required)
                || (nodes.All(node => !(node.Available < refusal.Required)) && nodes is not [{ Budget.IsFull: true }, ..]);
        }

        return await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) is not { State: ApprovalState.Pending } approval
            || path.FirstOrDefault(node => node.Node.Id == approval.Node) is not { } full
            || !(ApprovalRules.RoomOf(approval, full, now) < refusal.Required);
    }

    private static bool MayBeAnswered(BudgetRefusedException refusal) => refusal is InsufficientBudgetException { Approval: not null, IsDenied: false };

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
