using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls.Counts;
using SpendGuard.Calls.Cuts;
using SpendGuard.Calls.Runs;
using SpendGuard.Calls.Wire;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls;

/// <summary>The calls that this process has reserved and not ended: ends them, renews them, and gives up what is left at the end.</summary>
internal sealed class CallsInFlight : IAsyncDisposable
{
    private readonly IBudgetStore _store;
    private readonly SpendGuardOptions _options;
    private readonly TimeProvider _time;
    private readonly LockedQueue _locked;
    private readonly Intents _intents;
    private readonly StoreUse _use = new();
    private readonly EngineTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ReservationId, (IOpenCall Call, long Since)> _calls = new();
    private readonly BackgroundEnds _background;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _renewing;
    private int _disposed;

    public CallsInFlight(
        IBudgetStore store,
        SpendGuardOptions options,
        TimeProvider time,
        LockedQueue locked,
        Intents intents,
        EngineTelemetry telemetry,
        ILogger logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _locked = locked;
        _intents = intents;
        _background = new BackgroundEnds(options.MaxBackgroundCalls, time, logger);
        _telemetry = telemetry;
        _logger = logger;
        Cuts = new CutCalls(logger);
        _renewing = RenewUntilStoppedAsync();
    }

    public DateTimeOffset Now => _time.GetUtcNow();

    public bool ForfeitsOverloads => _options.ForfeitOverloads;

    /// <summary>How many calls this process has reserved and not ended.</summary>
    public int Count => _calls.Count;

    /// <summary>The commits of reserving and ending; the store stays open for those that have begun.</summary>
    public StoreUse Use => _use;

    /// <summary>
    /// Whether this process is still making a call: such a hold has not expired, whatever the clock says and however slow its renewal is.
    /// The time that it takes is not told by the clock, which may be set.
    /// </summary>
    public bool IsAlive(ReservationId id) => _calls.TryGetValue(id, out var open) && _time.GetElapsedTime(open.Since) <= _options.LongestCall;

    /// <summary>What a call is known to have cost so far; nothing of one that this process does not make.</summary>
    public Money KnownCostOf(ReservationId id) => _calls.TryGetValue(id, out var open) ? open.Call.KnownCost : Money.Zero;

    /// <summary>Watches what calls send; set once, before the first.</summary>
    public WireWatch? Watch { get; set; }

    /// <summary>What has cut calls; <see cref="CutCalls.Last"/> is taken before a hold is asked for.</summary>
    public CutCalls Cuts { get; }

    /// <summary>The agents whose calls are in flight and can be cut still.</summary>
    public IEnumerable<AgentId> UncutAgents => _calls.Values.Where(open => open.Call.Cut is { PausedBy: null }).Select(open => open.Call.Reservation.Agent).Distinct();

    /// <inheritdoc cref="SpendGuardEngine.Cut"/>
    public int Cut(Func<Reservation, PausedNode?> pausedBy)
    {
        Cuts.Begin(pausedBy);
        var cut = _calls.Values.Count(open => Cuts.TryCut(open.Call, pausedBy));
        _locked.PulseAll();
        return cut;
    }

    public ReservedCall Add(ReservedCall call, CutCalls.Link since) => Cuts.CatchUp(Add(call), since);

    public ReservedToolCall Add(Reservation reservation, RunHold? inRun) => Add(new ReservedToolCall(this, reservation, inRun));

    public ValueTask<Settlement> SettleAsync(IOpenCall call, Money charge) => EndAsync(call, new Settle(call.Reservation.Id, charge, Now));

    public async ValueTask<Settlement> SettleAsync(ReservedCall call, Bill bill, string? overruled)
    {
        var settlement = await EndAsync(call, new Settle(call.Reservation.Id, bill.Total, Now) { Tokens = CountedTokens.Of(bill.Usage) }, bill).ConfigureAwait(false);
        EndLog.Settled(_logger, call, settlement, bill, overruled);
        return settlement with { Bill = bill };
    }

    public ValueTask<Settlement> ReleaseAsync(IOpenCall call) => EndAsync(call, new Release(call.Reservation.Id, Now) { IsDryRun = call is ReservedCall { Quote.Call.IsDryRun: true } });

    public async ValueTask<Settlement> ForfeitAsync(IOpenCall call, string reason, Money known = default)
    {
        Log.Forfeited(_logger, call.Reservation.Id, call.Reservation.Agent, Money.Max(call.Reservation.Held, known), reason);
        var settlement = await EndAsync(call, new Forfeit(call.Reservation.Id, OnlyIfExpired: false, Now) { Known = known }).ConfigureAwait(false);
        EndLog.Overrun(_logger, call, settlement);
        return settlement;
    }

    public void EndInBackground(IOpenCall call, Func<CancellationToken, Task> end, TimeSpan within) => _background.Add(call, end, within);

    /// <remarks>
    /// No call is reserved any more, and those that wait for a budget give up. What is being committed is waited for; the other calls in
    /// flight end by what has been said of them so far. Their ends, when they come, are taken as long as the store is open, and correct that; later ones get an answer
    /// that says that they are pending.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _locked.DisposeAsync().ConfigureAwait(false);
        await _background.DisposeAsync().ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        await Task.WhenAll(_calls.Values.Select(open => open.Call.GiveUpAsync().AsTask())).ConfigureAwait(false);
        await _use.CloseAsync().ConfigureAwait(false);
        await _intents.DisposeAsync().ConfigureAwait(false);
        _stopped.Dispose();
        Watch?.Dispose();
    }

    private T Add<T>(T call)
        where T : IOpenCall
    {
        try
        {
            _calls[call.Reservation.Id] = (call, _time.GetTimestamp());
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, typeof(SpendGuardEngine));
            _telemetry.Reserved(call);
            return call;
        }
        catch
        {
            // The engine is being disposed, or whoever listens to the telemetry has failed. The caller gets no call, so nothing is sent.
            _calls.TryRemove(call.Reservation.Id, out _);
            call.InRun?.GiveBack(_locked);
            _intents.Add(new EndOfHold(call.Reservation, new Release(call.Reservation.Id, Now), _options.ReservationLifetime));
            throw;
        }
    }

    private async ValueTask<Settlement> EndAsync(IOpenCall call, ReservationCommand command, Bill? bill = null)
    {
        var settlement = await EndInStoreAsync(call, command, bill).ConfigureAwait(false);
        call.InRun?.End(settlement.End, settlement.Charged, _locked);
        return settlement;
    }

    private async ValueTask<Settlement> EndInStoreAsync(IOpenCall call, ReservationCommand command, Bill? bill)
    {
        if (_calls.TryRemove(command.Id, out _))
        {
            _telemetry.Landed(call);
        }

        var intent = new EndOfHold(call.Reservation, command, _options.ReservationLifetime);
        if (!_use.TryEnter())
        {
            _telemetry.NotCommitted(call);
            _intents.Add(intent);
            return intent.Pending;
        }

        try
        {
            if (Settlement.Of(await _intents.CommitAsync(intent).ConfigureAwait(false)) is not { } settlement)
            {
                _telemetry.NotCommitted(call);
                return intent.Pending;
            }

            _telemetry.Ended(call, settlement, bill);
            return settlement;
        }
        finally
        {
            _use.Leave();
        }
    }

    private async Task RenewUntilStoppedAsync()
    {
        using var timer = new PeriodicTimer(_options.ReservationLifetime / 3, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                // All at once: the store shares commits among them, and none waits for its turn behind the slow ones of others.
                await Task.WhenAll(_calls.Select(open => RenewOrGiveUpAsync(open.Key, open.Value.Call, _time.GetElapsedTime(open.Value.Since))))
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The engine is being disposed.
        }
    }

    /// <remarks>
    /// A call that has not ended when its hold has long expired is one that nobody disposes, such as an enumerator that was left. Whoever came
    /// by has forfeited the hold; what this process knows of its cost is booked too, and the call is kept in mind no longer. If its end comes
    /// all the same, it corrects that.
    /// </remarks>
    private async Task RenewOrGiveUpAsync(ReservationId id, IOpenCall call, TimeSpan age)
    {
        try
        {
            if (age <= _options.LongestCall)
            {
                var now = Now;
                var renew = new Renew(id, now + _options.ReservationLifetime, now);
                await _store.ApplyAsync(renew, _stopped.Token).ConfigureAwait(false);
            }
            else if (age > _options.LongestCall + (2 * _options.ReservationLifetime))
            {
                await call.GiveUpAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stopped.IsCancellationRequested)
        {
            // Whatever it is: the other calls have to be renewed, and this one at the next tick.
            Log.NotCommitted(_logger, exception, id);
        }
    }
}
