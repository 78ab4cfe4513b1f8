using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Calls.Cuts;
using SpendGuard.Calls.Runs;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Telemetry;

namespace SpendGuard;

/// <summary>A call whose worst case is held. It has to be ended exactly once: settled, released or forfeited.</summary>
/// <remarks>
/// Ending it takes no cancellation token: what has been sent has to be accounted for, whoever stopped waiting. While it has not ended,
/// the engine renews its hold. Disposing it without an end ends it by what is known of its cost, see <see cref="Follow"/>. Ending it does not fail when the store does: the settlement is
/// pending then.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class ReservedCall : IAsyncDisposable, IOpenCall
{
    /// <summary>A timer takes no more than some weeks, and nobody waits that long.</summary>
    private static readonly TimeSpan LongestInBackground = TimeSpan.FromDays(1);

    private readonly CallsInFlight _inFlight;
    private readonly Prices _prices;
    private readonly Quote _quote;
    private readonly RunHold? _inRun;
    private readonly CallCut _cut;
    private OnceEnded _ended;
    private volatile bool _leftToEngine;
    private volatile Func<ProviderReport>? _said;

    internal ReservedCall(CallsInFlight inFlight, Prices prices, Quote quote, Reservation reservation, RunHold? inRun, Activity? span, CallCut cut)
    {
        _inFlight = inFlight;
        _prices = prices;
        _quote = quote;
        _inRun = inRun;
        _cut = cut;
        Reservation = reservation;
        Grant = quote.GrantFor(reservation.Held);
        Activity = span;
    }

    /// <summary>The reservation as it was made.</summary>
    public Reservation Reservation { get; }

    /// <summary>The model that was reserved for.</summary>
    public ModelKey Model => _quote.Call.Model;

    /// <summary>The call's span, which a host may add to until the call ends; null where nobody listens to SpendGuard's activity source.</summary>
    public Activity? Activity { get; }

    internal Quote Quote => _quote;

    RunHold? IOpenCall.InRun => _inRun;

    CallCut IOpenCall.Cut => _cut;

    /// <summary>Cancelled when a pause cuts the call: nothing more of it is to be sent, and it is to be ended by what is known of its cost.</summary>
    public CancellationToken CutByPause => _cut.Token;

    /// <summary>Whose pause has cut the call; null while none has.</summary>
    public PausedNode? PausedBy => _cut.PausedBy;

    CallLabels IOpenCall.Labels => CallLabels.Of(Model);

    /// <summary>The limits that have to be sent to the provider.</summary>
    public CallGrant Grant { get; }

    /// <summary>The output cap, in tokens, that has to be sent to the provider.</summary>
    public long OutputCap => Grant.OutputTokens;

    /// <summary>Whether fewer calls of tools that the provider runs are let through than were asked for, or than it would make by itself.</summary>
    public bool HostedCallsLimited => _quote.Call.Shape.HostedCalls is { } asked && (asked.Least == 0 || Grant.HostedCalls < asked.Most);

    /// <summary>Whether the budget pays for less output than the call would have had.</summary>
    public bool OutputCapLowered => OutputCap < _quote.OutputTokens;

    /// <summary>Whether the answer is as long as a cap that the budget had lowered, and so was cut by it, as far as its counts tell.</summary>
    /// <param name="settlement">How the call ended.</param>
    public bool IsCut(Settlement settlement)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        return OutputCapLowered && settlement.Bill is { Usage: var usage } && usage.TotalOutput / _quote.Call.Shape.Choices >= OutputCap;
    }

    /// <summary>What its caller is told of a call that was cut.</summary>
    /// <param name="settlement">How it ended; null while it has not.</param>
    /// <exception cref="InvalidOperationException">It was not cut.</exception>
    public NodePausedException CutRefusal(Settlement? settlement = null) => new(
        settlement is null ? Reservation : Reservation with { End = settlement.End, Charged = settlement.Charged },
        PausedBy ?? throw new InvalidOperationException($"Reservation '{Reservation.Id}' was not cut."),
        settlement?.Budget);

    /// <summary>Watches what the call sends, and holds for each attempt. What it gives has to be ended in place of the call.</summary>
    /// <param name="isOther">Whether a host that is called within the call is no model's, such as one that gives out credentials.</param>
    /// <param name="server">Who serves the call, where the host of an attempt does not tell.</param>
    /// <param name="address">Where the call goes; null where that is not known.</param>
    public CallAttempts Watch(Func<string, bool> isOther, Vendor server, Uri? address) => _inFlight.Watch!.Over(this, isOther, server, address);

    /// <summary>
    /// Ends the call by what came back: settled at its actual cost, released when it is known to have cost nothing, or forfeited when nobody
    /// told what it cost.
    /// </summary>
    /// <param name="report">What the provider's answer says of the call.</param>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    public ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var prices = PricesAt(_inFlight.Now);
        var end = EndOf(report, prices);
        _ended.ByCaller(Reservation.Id);
        return BookAsync(end, prices, report.Model);
    }

    /// <summary>
    /// Has the call follow what is said of its cost. Where it is given up before it has been ended, because the time of its caller is up, its
    /// hold expires or the engine is disposed, it ends by that, and is forfeited at no less than is known of it.
    /// </summary>
    /// <param name="said">Tells what has been said so far. It may be asked at any time, on any thread, and is not to wait.</param>
    public void Follow(Func<ProviderReport> said)
    {
        ArgumentNullException.ThrowIfNull(said);
        _said = said;
    }

    /// <summary>
    /// Leaves the call to the engine because its caller has gone, such as in the middle of a stream. What has not ended the call by the
    /// time is up, or when it fails, leaves it to be given up, see <see cref="Follow"/>.
    /// </summary>
    /// <param name="end">Waits for what the call cost and ends it. Its token is cancelled when the time is up.</param>
    /// <param name="within">The time that it has; at most a day of it counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void EndInBackground(Func<CancellationToken, Task> end, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(end);
        ArgumentOutOfRangeException.ThrowIfLessThan(within, TimeSpan.Zero);
        _leftToEngine = true;
        _inFlight.EndInBackground(this, end, within < LongestInBackground ? within : LongestInBackground);
    }

    /// <summary>Gives the call up if it has neither been ended nor left to the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_leftToEngine && _ended.TryByCaller())
        {
            await EndBySaidAsync().ConfigureAwait(false);
        }
    }

    Money IOpenCall.KnownCost => EndOf(Said(), PricesAt(_inFlight.Now)) switch
    {
        CallEnd.Settled { Bill: var bill } => bill.Total,
        CallEnd.Forfeited { Known: var known } => known,
        _ => Money.Zero,
    };

    async ValueTask IOpenCall.ReleaseAsync() => await EndAsync(ProviderReport.NotBilled).ConfigureAwait(false);

    async ValueTask IOpenCall.GiveUpAsync()
    {
        if (_ended.TryByEngine())
        {
            await EndBySaidAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What has been said so far of a call that is given up. That it was not billed is for its caller to say.</summary>
    internal ProviderReport Said(string givenUp = "the call was abandoned")
    {
        try
        {
            return _said is { } said ? said() with { Unbilled = false, Overloaded = false, Reason = givenUp } : ProviderReport.Unknown(givenUp);
        }
        catch (Exception exception)
        {
            // The call has to end, whoever fails to say something of it.
            return ProviderReport.Unknown($"{givenUp}, and what was said of it could not be read: {exception.GetType().Name}");
        }
    }

    private async ValueTask EndBySaidAsync()
    {
        var (said, prices) = (Said(), PricesAt(_inFlight.Now));
        await BookAsync(EndOf(said, prices), prices, said.Model).ConfigureAwait(false);
    }

    private CallEnd EndOf(ProviderReport report, ServedPrices prices) => CallEnd.Of(
        report.Overloaded && !_inFlight.ForfeitsOverloads ? report with { Unbilled = true }
        : ServiceTier.WithoutBatch(report.ServiceTier) is var tier && tier != report.ServiceTier ? report with { ServiceTier = tier, Incomplete = report.Incomplete ?? "the answer has the tier of a batch" }
        : report,
        prices,
        _quote.Call.Shape.ServiceTier,
        _quote.Call.Shape.ResidencyFactor);

    private ValueTask<Settlement> BookAsync(CallEnd end, ServedPrices prices, string? served) => end switch
    {
        CallEnd.Released => _inFlight.ReleaseAsync(this),
        CallEnd.Settled { Bill: var bill } => _inFlight.SettleAsync(this, bill, prices.IsOverruled(served) ? served : null),
        CallEnd.Forfeited { Reason: var reason, Known: var known } => _inFlight.ForfeitAsync(this, reason, known),
        _ => throw new InvalidOperationException($"An end of type {end.GetType().Name} is not known."),
    };

    private ServedPrices PricesAt(DateTimeOffset now)
    {
        var book = _prices.Current;
        return new ServedPrices(
            Model.Model,
            CardsInForce(now),
            model => OfOther(CardsAfter(new ModelKey(Model.Provider, model), book, now)),
            model => book.IsOwn(new ModelKey(Model.Provider, model)))
        {
            AskedIsOwn = _quote.PricesAreOwn,
            AskedIsSet = _quote.Call.ModelIsSet,
        };
    }

    /// <summary>The cards of a model that may have been in force: those of the prices that it was held by, and of others that came meanwhile.</summary>
    private IReadOnlyList<RateCard> CardsAfter(ModelKey model, PriceBook book, DateTimeOffset now)
    {
        var cards = book.CardsAfter(model, Reservation.CreatedAt, now);
        return ReferenceEquals(book, _quote.Book) ? cards : [.. cards, .. _quote.Book.CardsAfter(model, Reservation.CreatedAt, now)];
    }

    /// <summary>The cards of a model that only the answer names. What cannot be priced is no reason to lose the answer.</summary>
    private static IReadOnlyList<RateCard> OfOther(IReadOnlyList<RateCard> cards)
    {
        try
        {
            return Vendor.Complete(cards);
        }
        catch (UnboundedCostException)
        {
            return [];
        }
    }

    /// <summary>The cards in force from the start of the call to now; all of them for a call that outlived what was looked ahead.</summary>
    private IReadOnlyList<RateCard> CardsInForce(DateTimeOffset now)
    {
        var inForce = _quote.Cards.Where(card => card.InForce(Reservation.CreatedAt, now)).ToList();
        return inForce.Count > 0 ? inForce : _quote.Cards;
    }
}
