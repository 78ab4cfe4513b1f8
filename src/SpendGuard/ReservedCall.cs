using System.Diagnostics;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Telemetry;

namespace SpendGuard;

/// <summary>A call whose worst case is held. It has to be ended exactly once: settled, released or forfeited.</summary>
/// <remarks>
/// Ending it takes no cancellation token: what has been sent has to be accounted for, whoever stopped waiting. While it has not ended,
/// the engine renews its hold. Disposing it without an end forfeits it.
/// </remarks>
public sealed class ReservedCall : IAsyncDisposable, IOpenCall
{
    private readonly CallsInFlight _inFlight;
    private readonly Prices _prices;
    private readonly Quote _quote;
    private int _ended;
    private volatile bool _leftToEngine;

    internal ReservedCall(CallsInFlight inFlight, Prices prices, Quote quote, Reservation reservation, Activity? span)
    {
        _inFlight = inFlight;
        _prices = prices;
        _quote = quote;
        Reservation = reservation;
        OutputCap = quote.OutputTokensFor(reservation.Held);
        Activity = span;
    }

    /// <summary>The reservation as it was made.</summary>
    public Reservation Reservation { get; }

    /// <summary>The model that was reserved for.</summary>
    public ModelKey Model => _quote.Call.Model;

    /// <summary>The call's span, which a host may add to until the call ends; null where nobody listens to SpendGuard's activity source.</summary>
    public Activity? Activity { get; }

    CallLabels IOpenCall.Labels => CallLabels.Of(Model);

    /// <summary>The output cap, in tokens, that has to be sent to the provider.</summary>
    public long OutputCap { get; }

    /// <summary>Whether the budget pays for less output than the call would have had.</summary>
    public bool OutputCapLowered => OutputCap < _quote.OutputTokens;

    /// <summary>Ends the call at its actual cost.</summary>
    /// <param name="usage">What the provider counted. All zero without a stated cost is taken for unknown, and the call is forfeited.</param>
    /// <param name="servedModel">The model that the provider says has served the call; the reserved one when null or without a price.</param>
    /// <param name="servedTier">
    /// The service tier that the provider says it was served at; the asked one when null. One without a price leaves the call forfeited.
    /// </param>
    /// <param name="statedCost">What the provider says that it charges, in place of usage × prices; null when it does not say.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stated cost is negative.</exception>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit; the engine keeps trying, and the hold stays till then.</exception>
    public ValueTask<Settlement> SettleAsync(Usage usage, ModelKey? servedModel = null, string? servedTier = null, Money? statedCost = null)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (statedCost < Money.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(statedCost), statedCost, "A cost is not negative.");
        }

        if (usage.IsZero && statedCost is null)
        {
            return ForfeitAsync("the provider counted nothing");
        }

        var shape = _quote.Call.Shape;
        Bill bill;
        try
        {
            var tier = servedTier ?? shape.ServiceTier;
            bill = statedCost is { } stated
                ? Bill.Stated(usage, CardsFor(servedModel).First(), stated)
                : Bill.Dearest(usage, model => CardsFor(KeyOf(model) ?? servedModel), tier, shape.ResidencyFactor);
            if (bill.Total == Money.Zero)
            {
                // What cost nothing at another model's prices, such as the output of one that has none, was not served by that model.
                bill = Bill.Dearest(usage, model => CardsFor(KeyOf(model)), tier, shape.ResidencyFactor);
            }
        }
        catch (Exception exception) when (exception is SpendGuardException or OverflowException or ArgumentOutOfRangeException)
        {
            return ForfeitAsync(exception.Message);
        }

        MarkEnded();
        return _inFlight.SettleAsync(this, bill);
    }

    /// <summary>Ends the call at nothing. Only for a call that was provably not billed: never sent, or refused by an error that is not billed.</summary>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit; the engine keeps trying, and the hold stays till then.</exception>
    public ValueTask<Settlement> ReleaseAsync()
    {
        MarkEnded();
        return _inFlight.ReleaseAsync(this);
    }

    /// <summary>Ends the call at its whole hold, because what it cost is unknown.</summary>
    /// <param name="reason">Why it is unknown, for the log.</param>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit; the engine keeps trying, and the hold stays till then.</exception>
    public ValueTask<Settlement> ForfeitAsync(string reason)
    {
        MarkEnded();
        return _inFlight.ForfeitAsync(this, reason);
    }

    /// <summary>
    /// Leaves the call to the engine because its caller has gone, such as in the middle of a stream. What has not ended the call by the
    /// time is up, or when it fails, leaves it forfeited.
    /// </summary>
    /// <param name="end">Waits for what the call cost and ends it. Its token is cancelled when the time is up.</param>
    /// <param name="within">The time that it has.</param>
    public void EndInBackground(Func<CancellationToken, Task> end, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(end);
        _leftToEngine = true;
        _inFlight.EndInBackground(this, end, within);
    }

    /// <summary>Forfeits the call if it has neither been ended nor left to the engine.</summary>
    public ValueTask DisposeAsync() => _leftToEngine ? ValueTask.CompletedTask : ((IOpenCall)this).ForfeitIfOpenAsync();

    async ValueTask IOpenCall.ForfeitIfOpenAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            await _inFlight.ForfeitAsync(this, "the call was abandoned").ConfigureAwait(false);
        }
    }

    private ModelKey? KeyOf(string? model) => string.IsNullOrWhiteSpace(model) ? null : new ModelKey(Model.Provider, model);

    private IEnumerable<RateCard> CardsFor(ModelKey? servedModel)
    {
        var now = _inFlight.Now;
        return servedModel is { } served && served != Model && _prices.Current.Contains(served, now)
            ? _prices.Current.Find(served, Reservation.CreatedAt, now)
            : CardsInForce(now);
    }

    /// <summary>The cards in force from the start of the call to now; all of them for a call that outlived what was looked ahead.</summary>
    private IEnumerable<RateCard> CardsInForce(DateTimeOffset now)
    {
        var inForce = _quote.Cards.Where(card => card.InForce(Reservation.CreatedAt, now)).ToList();
        return inForce.Count > 0 ? inForce : _quote.Cards;
    }

    private void MarkEnded()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            throw new InvalidOperationException($"Reservation '{Reservation.Id}' has been ended already.");
        }
    }
}
