using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Alerts;
using SpendGuard.Batches;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Calls.Counts;
using SpendGuard.Calls.Cuts;
using SpendGuard.Calls.Parking;
using SpendGuard.Calls.Runs;
using SpendGuard.Calls.Wire;
using SpendGuard.Keys;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard;

/// <summary>Reserves the worst case of a call before it is made, and settles its exact cost after.</summary>
/// <remarks>Thread-safe; one for each store. Owns the store and disposes it.</remarks>
public sealed partial class SpendGuardEngine : IAsyncDisposable, IDisposable
{
    private readonly MeasuredStore _store;
    private readonly SpendGuardOptions _options;
    private readonly EngineTelemetry _telemetry;
    private readonly Holds _holds;
    private readonly RunHolds _runHolds;
    private readonly CheapestHold _cheapest;
    private readonly CallsInFlight _inFlight;
    private readonly PauseWatch _pauses;
    private readonly LockedQueue _locked;
    private readonly ParkedCalls _parked;

    /// <summary>Sets the engine up.</summary>
    /// <param name="store">Where budgets are kept.</param>
    /// <param name="prices">The prices in force.</param>
    /// <param name="options">How the engine is set up; the defaults when null.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="logger">Where the engine reports to; nowhere when null.</param>
    /// <param name="meters">Where its meter comes from; one of its own when null.</param>
    /// <param name="alertSinks">Whom alerts are delivered to, beside <see cref="SpendGuardOptions.AlertSinks"/>; the engine does not dispose of them.</param>
    /// <exception cref="ArgumentException">Two sinks have the same name.</exception>
    [Experimental(ApiTier.Stores)]
    public SpendGuardEngine(
        IBudgetStore store, Prices prices, SpendGuardOptions? options = null,
        TimeProvider? time = null, ILogger<SpendGuardEngine>? logger = null, IMeterFactory? meters = null, IEnumerable<ISpendAlertSink>? alertSinks = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prices);
        Prices = prices;
        _options = options ?? new SpendGuardOptions();
        Time = time ?? TimeProvider.System;
        _locked = new LockedQueue(Time, _options.MaxWaitingCalls);
        _telemetry = new EngineTelemetry(meters, () => prices.Current.AgeAt(Time.GetUtcNow()).TotalSeconds, _options.MetricsOfAgents);
        Logger = logger ?? NullLogger<SpendGuardEngine>.Instance;
        _delivery = Deliver(store.Alerts, [.. _options.AlertSinks, .. alertSinks ?? []]);
        _store = new MeasuredStore(_delivery is null ? store : new DeliveringStore(store, _delivery), _telemetry.StoreDuration);
        Keys = new AgentKeys(_store.Keys, Time);
        var intents = new Intents(_store, Time, _locked, Logger);
        _inFlight = new CallsInFlight(_store, _options, Time, _locked, intents, _telemetry, Logger);
        var waiting = new WaitingCalls();
        _pauses = new PauseWatch(_store, _inFlight, waiting, Time, Logger);
        _holds = new Holds(_store, _options, Time, _locked, intents, _inFlight, _pauses, _telemetry, Logger);
        _runHolds = new RunHolds(_holds, _locked, waiting, Time, Logger);
        _parked = new ParkedCalls(_store, _holds, Time, _options.MaxWaitingCalls);
        _batches = new BatchHolds(_store, _holds, intents, _inFlight.Use, _options, Time, _telemetry, Logger);
        _cheapest = new CheapestHold(_runHolds, _options, Time, Logger);
        _refusals = new RefusalCounter(_store, Time, Logger);
        _inFlight.Watch = new WireWatch(_runHolds, _inFlight, _options, prices, _telemetry, _refusals);
    }

    /// <summary>The prices in force.</summary>
    [Experimental(ApiTier.Adapters)]
    public Prices Prices { get; }

    /// <summary>The clock.</summary>
    [Experimental(ApiTier.Adapters)]
    public TimeProvider Time { get; }

    /// <summary>Where the engine, and what works with it, reports to.</summary>
    [Experimental(ApiTier.Adapters)]
    public ILogger Logger { get; }

    /// <summary>The token counters that input bounds are made with.</summary>
    [Experimental(ApiTier.Adapters)]
    public TokenCounters TokenCounters { get; } = new();

    /// <summary>An agent's budget as its next call would meet it, after everything that has expired was forfeited; null when it has none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken = default)
    {
        await ForfeitExpiredAsync(agent, cancellationToken).ConfigureAwait(false);
        return await _store.FindBudgetAsync(agent, cancellationToken).ConfigureAwait(false) is { IsSet: true } budget ? budget.AsOf(Time.GetUtcNow()) : null;
    }

    /// <summary>An agent's calls in flight, those that expire first at the front.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public ValueTask<IReadOnlyList<Reservation>> ListInFlightAsync(AgentId agent, CancellationToken cancellationToken = default) =>
        _store.FindInFlightAsync(expiredAt: null, agent, int.MaxValue, cancellationToken);

    /// <summary>Holds the worst case of a call, durably, and says how much output it may ask for. Only then may the call be made.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up waiting; a hold that has been made meanwhile is released.</param>
    /// <returns>The reserved call, which has to be ended once.</returns>
    /// <exception cref="InsufficientBudgetException">The call does not fit the budget, or its run.</exception>
    /// <exception cref="BudgetLockedException">The call would fit once calls in flight end, but none ended in time.</exception>
    /// <exception cref="BudgetNotFoundException">The agent has no budget.</exception>
    /// <exception cref="NodePausedException">The agent, or a group above it, is paused.</exception>
    /// <exception cref="UnknownModelException">The model has no price.</exception>
    /// <exception cref="PricesExpiredException">The prices have expired.</exception>
    /// <exception cref="UnboundedCostException">Something in the call has no bound.</exception>
    /// <exception cref="IdConflictException">The reservation id was used before.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit. If it has the hold all the same, the engine releases it.</exception>
    /// <exception cref="ObjectDisposedException">The engine has been disposed, before or meanwhile.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<ReservedCall> ReserveAsync(ModelCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var use = _inFlight.Use.Enter();
        _pauses.Begin();
        var span = _telemetry.Start(call);
        ReservedCall reserved;
        try
        {
            var since = _inFlight.Cuts.Last;
            var (quote, reservation, inRun) = await _parked.HoldAsync(
                call.ApprovalWait ?? _options.ApprovalWait,
                most => _cheapest.HoldAsync(call with { LockedWait = ParkedCalls.Shorter(call.LockedWait, most) }, Prices.Current, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            reserved = _inFlight.Add(new ReservedCall(_inFlight, Prices, quote, reservation, inRun, span, new CallCut()), since);
        }
        catch (InsufficientBudgetException) when (call.IsTentative)
        {
            EngineTelemetry.RefusedTentatively(span);
            throw;
        }
        catch (Exception exception)
        {
            _telemetry.Refused(CallLabels.Of(call.Model), call.Agent, span, exception);
            CountRefusal(call, exception);
            throw;
        }

        return await HandOver.OfAsync(reserved, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The least that has to be free for a call at the prices in force: its input and the least output that is of use to it. With less it is refused.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <exception cref="UnknownModelException">The model has no price.</exception>
    /// <exception cref="PricesExpiredException">The prices have expired.</exception>
    /// <exception cref="UnboundedCostException">Something in the call has no bound.</exception>
    [Experimental(ApiTier.Adapters)]
    public Money FloorOf(ModelCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Quote.For(call, Prices.Current, _options, Time.GetUtcNow()).Floor;
    }

    /// <summary>Holds the price of a call to a tool, durably. Only then may the tool be run.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up waiting; a hold that has been made meanwhile is released.</param>
    /// <returns>The reserved call, which has to be ended once.</returns>
    /// <exception cref="InsufficientBudgetException">The price does not fit the budget, or its run.</exception>
    /// <exception cref="BudgetLockedException">The price would fit once calls in flight end, but none ended in time.</exception>
    /// <exception cref="BudgetNotFoundException">The agent has no budget.</exception>
    /// <exception cref="IdConflictException">The reservation id was used before.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit. If it has the hold all the same, the engine releases it.</exception>
    /// <exception cref="ObjectDisposedException">The engine has been disposed, before or meanwhile.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<ReservedToolCall> ReserveAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var use = _inFlight.Use.Enter();
        var id = call.ReservationId ?? ReservationId.New();
        ReservedToolCall reserved;
        try
        {
            var (reservation, inRun) = await _parked.HoldAsync(_options.ApprovalWait, most => _runHolds.HoldAsync(
                call.CappedRun, now => call.ToReserve(id, now, _options.ReservationLifetime), ParkedCalls.Shorter(_options.LockedWait, most), cancellationToken), cancellationToken).ConfigureAwait(false);
            reserved = _inFlight.Add(reservation, inRun);
        }
        catch (Exception exception)
        {
            _telemetry.Refused(CallLabels.OfTool(call.Tool), call.Agent, span: null, exception);
            _refusals.Add(exception, call.Agent, call.Run, $"tool:{call.Tool}", call.Tool);
            throw;
        }

        return await HandOver.OfAsync(reserved, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Books every hold that has expired as spent.</summary>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="cancellationToken">Stops between two holds.</param>
    /// <returns>How many were forfeited.</returns>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public ValueTask<int> ForfeitExpiredAsync(AgentId? agent = null, CancellationToken cancellationToken = default) =>
        _holds.ForfeitExpiredAsync(agent, cancellationToken);

    /// <summary>Forfeits what is in flight in this process and closes the store. What is answered later settles as pending; calls that wait are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pauses.DisposeAsync().ConfigureAwait(false);
        await _parked.DisposeAsync().ConfigureAwait(false);
        await _inFlight.DisposeAsync().ConfigureAwait(false);
        await _refusals.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    /// <summary>The same, waited for on this thread: for containers that are not disposed of asynchronously.</summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
}
