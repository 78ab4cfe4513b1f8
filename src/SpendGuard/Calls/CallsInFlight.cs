using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls;

/// <summary>The calls that this process has reserved and not ended: ends them, renews them, and forfeits what is left at the end.</summary>
internal sealed class CallsInFlight : IAsyncDisposable
{
    /// <summary>How long disposing waits for calls that are finished in the background before it forfeits them.</summary>
    private static readonly TimeSpan BackgroundGrace = TimeSpan.FromSeconds(5);

    private readonly IBudgetStore _store;
    private readonly SpendGuardOptions _options;
    private readonly TimeProvider _time;
    private readonly LockedQueue _locked;
    private readonly EngineTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ReservationId, IOpenCall> _calls = new();
    private readonly Intents _intents;
    private readonly ConcurrentDictionary<ReservationId, Task> _background = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _renewing;
    private int _disposed;

    public CallsInFlight(
        IBudgetStore store, SpendGuardOptions options, TimeProvider time, LockedQueue locked, EngineTelemetry telemetry, ILogger logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _locked = locked;
        _telemetry = telemetry;
        _logger = logger;
        _intents = new Intents(store, logger);
        _renewing = RenewUntilStoppedAsync();
    }

    public DateTimeOffset Now => _time.GetUtcNow();

    public ReservedCall Add(Quote quote, Reservation reservation, Prices prices, Activity? span)
    {
        var call = new ReservedCall(this, prices, quote, reservation, span);
        _calls[reservation.Id] = call;
        _telemetry.Reserved(call);
        return call;
    }

    public ReservedToolCall Add(Reservation reservation)
    {
        var call = new ReservedToolCall(this, reservation);
        _calls[reservation.Id] = call;
        _telemetry.Reserved(call);
        return call;
    }

    public ValueTask<Settlement> SettleAsync(IOpenCall call, Money charge) => EndAsync(call, new Settle(call.Reservation.Id, charge, Now));

    public async ValueTask<Settlement> SettleAsync(ReservedCall call, Bill bill, string? overruled)
    {
        var settlement = await EndAsync(call, new Settle(call.Reservation.Id, bill.Total, Now), bill).ConfigureAwait(false);
        EndLog.Settled(_logger, call, settlement, bill, overruled);
        return settlement with { Bill = bill };
    }

    public ValueTask<Settlement> ReleaseAsync(IOpenCall call) => EndAsync(call, new Release(call.Reservation.Id, Now));

    public async ValueTask<Settlement> ForfeitAsync(IOpenCall call, string reason, Money known = default)
    {
        Log.Forfeited(_logger, call.Reservation.Id, call.Reservation.Agent, Money.Max(call.Reservation.Held, known), reason);
        var settlement = await EndAsync(call, new Forfeit(call.Reservation.Id, OnlyIfExpired: false, Now) { Known = known }).ConfigureAwait(false);
        EndLog.Overrun(_logger, call, settlement);
        return settlement;
    }

    public void EndInBackground(IOpenCall call, Func<CancellationToken, Task> end, TimeSpan within)
    {
        var id = call.Reservation.Id;
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_background.Count >= _options.MaxBackgroundCalls || !_background.TryAdd(id, ending.Task))
        {
            // It is still run, so that it closes what it has open.
            within = TimeSpan.Zero;
        }

        _ = Task.Run(async () =>
        {
            await EndWithinAsync(call, end, within).ConfigureAwait(false);
            _background.TryRemove(id, out _);
            ending.SetResult();
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Task.WhenAny(Task.WhenAll(_background.Values), Task.Delay(BackgroundGrace, _time)).ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_background.Values).ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        foreach (var call in _calls.Values)
        {
            try
            {
                await call.ForfeitIfOpenAsync().ConfigureAwait(false);
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotCommitted(_logger, exception, call.Reservation.Id);
            }
        }

        await _intents.CommitAgainAsync().ConfigureAwait(false);
        _stopped.Dispose();
    }

    private async ValueTask<Settlement> EndAsync(IOpenCall call, ReservationCommand command, Bill? bill = null)
    {
        _calls.TryRemove(command.Id, out _);
        BudgetAnswer answer;
        try
        {
            answer = await _store.ApplyAsync(command, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception)
        {
            Log.NotCommitted(_logger, exception, command.Id);
            _telemetry.NotCommitted(call, exception);
            _intents.Add(command);
            throw;
        }
        finally
        {
            _locked.Pulse();
        }

        if (answer is not { Reservation: { } reservation, Budget: { } budget })
        {
            throw new StoreUnavailableException(
                $"Reservation '{call.Reservation.Id}' is not in the store any more. Was the store replaced while the call was in flight?");
        }

        var settlement = new Settlement
        {
            ReservationId = reservation.Id,
            End = reservation.End,
            Held = reservation.Held,
            Charged = reservation.Charged,
            Budget = budget,
        };
        _telemetry.Ended(call, settlement, bill);
        return settlement;
    }

    private async Task EndWithinAsync(IOpenCall call, Func<CancellationToken, Task> end, TimeSpan within)
    {
        using var timeUp = new CancellationTokenSource(within, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _stopped.Token);
        try
        {
            await end(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever went wrong, the call is accounted for below.
            Log.BackgroundFailed(_logger, exception, call.Reservation.Id);
        }

        try
        {
            await call.ForfeitIfOpenAsync().ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Logged, and tried again with the next renewal.
        }
    }

    private async Task RenewUntilStoppedAsync()
    {
        using var timer = new PeriodicTimer(_options.ReservationLifetime / 3, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                await _intents.CommitAgainAsync().ConfigureAwait(false);
                foreach (var call in _calls.Values)
                {
                    await RenewAsync(call).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The engine is being disposed.
        }
    }

    private async ValueTask RenewAsync(IOpenCall call)
    {
        var now = Now;
        if (now - call.Reservation.CreatedAt > _options.LongestCall)
        {
            return;
        }

        try
        {
            var renew = new Renew(call.Reservation.Id, now + _options.ReservationLifetime, now);
            await _store.ApplyAsync(renew, _stopped.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stopped.IsCancellationRequested)
        {
            // Whatever it is: the other calls have to be renewed, and this one at the next tick.
            Log.NotCommitted(_logger, exception, call.Reservation.Id);
        }
    }
}
