using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls.Cuts;

/// <summary>Looks for nodes that any process on the store has paused, and cuts the calls of this one below them.</summary>
/// <remarks>
/// While calls are in flight it looks every half second, and at once when somebody here has paused a node or a call was refused for a pause. That
/// works behind every pooler and costs a question to an index that is empty in peace. Where the store tells of pauses, it looks when it is told,
/// for a while after that, since the hold of a call may be committed and the call not be in flight yet, and seldom otherwise. An agent is looked
/// up in the tree only while something is paused that was not when it was looked up last.
/// </remarks>
internal sealed class PauseWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Of so many ticks in a row one looks, while the store tells of pauses and has told of none.</summary>
    private const int Seldom = 10;

    /// <summary>So many ticks look after the store has told of something.</summary>
    private const int Often = 20;

    private readonly IBudgetStore _store;
    private readonly CallsInFlight _calls;
    private readonly WaitingCalls _waiting;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopped = new();
    private readonly HashSet<AgentId> _clear = [];
    private readonly Task _watching;
    private IReadOnlyList<PausedNode> _known = [];
    private IStoreNotices? _notices;
    private int _begun;
    private int _left;
    private int _disposed;

    public PauseWatch(IBudgetStore store, CallsInFlight calls, WaitingCalls waiting, TimeProvider time, ILogger logger)
    {
        _store = store;
        _calls = calls;
        _waiting = waiting;
        _logger = logger;
        _watching = WatchAsync(new PeriodicTimer(Interval, time));
    }

    private bool HasCalls => _calls.Count > 0 || !_waiting.IsEmpty;

    /// <summary>Has the store tell of pauses from now on, where it can: there are going to be calls to cut.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref _begun) == 0 && Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _notices = _store.Watch(OnNotice);
        }
    }

    /// <summary>Looks now, without waiting for what comes of it.</summary>
    public void Pulse() => _ = Task.Run(() => TryLookAsync(CancellationToken.None));

    /// <summary>Looks now, and cuts what is below a paused node.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var paused = await _store.FindPausedAsync(cancellationToken).ConfigureAwait(false);
            if (!paused.SequenceEqual(_known))
            {
                _clear.Clear();
                _known = paused;
            }

            if (paused.Count > 0)
            {
                await CutBelowAsync(paused.ToDictionary(node => node.Node), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _notices?.Dispose();
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stopped.Dispose();
    }

    private async Task CutBelowAsync(Dictionary<NodeId, PausedNode> paused, CancellationToken cancellationToken)
    {
        var below = new Dictionary<AgentId, PausedNode>();
        foreach (var agent in _calls.UncutAgents.Union(_waiting.Agents).Where(agent => !_clear.Contains(agent)).ToList())
        {
            var path = await _store.FindPathAsync(agent, cancellationToken).ConfigureAwait(false);
            if (path.FirstOrDefault(node => paused.ContainsKey(node.Node.Id)) is { Node.Id: var id })
            {
                below[agent] = paused[id];
            }
            else
            {
                _clear.Add(agent);
            }
        }

        if (below.Count > 0)
        {
            _waiting.Cut(below);
            _calls.Cut(reservation => below.GetValueOrDefault(reservation.Agent));
        }
    }

    private void OnNotice()
    {
        Volatile.Write(ref _left, Often);
        if (HasCalls)
        {
            Pulse();
        }
    }

    /// <summary>Whether to look at this tick.</summary>
    private bool IsTime(ref int skipped)
    {
        if (Volatile.Read(ref _left) > 0)
        {
            Interlocked.Decrement(ref _left);
        }
        else if (_notices is { AreComing: true } && ++skipped < Seldom)
        {
            return false;
        }

        skipped = 0;
        return true;
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        var skipped = 0;
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
                {
                    if (HasCalls && IsTime(ref skipped))
                    {
                        await TryLookAsync(_stopped.Token).ConfigureAwait(false);
                    }
                }
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                // The engine is being disposed.
            }
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stopped.IsCancellationRequested)
        {
            // A store that does not work holds nothing either; the next look is soon.
            Log.NotLooked(_logger, exception);
        }
    }
}
