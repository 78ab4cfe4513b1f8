using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Pricing;

namespace SpendGuard.Batches;

/// <summary>What a batch is going to need: all that its calls can cost at most, for none of them is capped lower than it was asked for.</summary>
internal sealed class BatchQuote
{
    private readonly ModelBatch _batch;
    private readonly IReadOnlyList<Quote> _quotes;
    private readonly Func<ModelCall, Quote> _price;
    private readonly string _models;
    private readonly string _cards;

    private BatchQuote(ModelBatch batch, IReadOnlyList<Quote> quotes, Func<ModelCall, Quote> price, string models, string cards) =>
        (_batch, _quotes, _price, _models, _cards) = (batch, quotes, price, models, cards);

    /// <summary>The limits that the calls have to be sent with, in their order.</summary>
    public IEnumerable<CallGrant> Grants => _quotes.Select(static quote => new CallGrant(quote.OutputTokens, quote.WorstCases.Most));

    /// <summary>What all of it can cost at most.</summary>
    public Money Ceiling => _quotes.Aggregate(Money.Zero, static (sum, quote) => sum + quote.Ceiling);

    /// <exception cref="ArgumentException">There are no calls, or they are not of one agent and run.</exception>
    /// <exception cref="SpendGuardException">One of them has no price, or no bound.</exception>
    public static BatchQuote For(ModelBatch batch, PriceBook book, SpendGuardOptions options, DateTimeOffset now)
    {
        if (batch.Requests is not [var first, ..] || batch.Requests.Any(call => call.Agent != first.Agent || call.Run != first.Run || call.RunLimit != first.RunLimit))
        {
            throw new ArgumentException("A batch has at least one call, and all are of one agent and run.", nameof(batch));
        }

        // A batch may end in another process, and the account of a run is of this one.
        if (batch.Requests.Any(static call => call.CappedRun is not null))
        {
            throw new ArgumentException("A batch outlives a run with a cap, so it cannot count for one.", nameof(batch));
        }

        return new BatchQuote(
            batch,
            [.. batch.Requests.Select(Price)],
            Price,
            BatchModels.Join(batch.Requests.Select(static call => call.Model)),
            BatchCards.Write(batch.Requests.Select(static call => call.Model), book, now, now + batch.Lifetime));

        Quote Price(ModelCall call) => Quote.For(call, book, options, now, batch.Lifetime);
    }

    /// <summary>What a refusal says of it.</summary>
    public CallNeed Need => new(
        $"Requests in it: {_quotes.Count}, with an output of up to {_quotes.Sum(static quote => (decimal)quote.OutputTokens):0} tokens in all.",
        _quotes.Any(static quote => quote.Need.IsByBytes), IsBatch: true);

    /// <summary>Whether the input of a call may be less by the model's tokenizer than by its bytes.</summary>
    public bool CanCount => _batch.Requests.Any(Counts);

    /// <summary>The same with its input counted by the models' tokenizers.</summary>
    /// <param name="most">What there is to hold it in: beyond that nothing more is counted.</param>
    /// <param name="cancellationToken">Gives up counting.</param>
    /// <returns>Null where it does not fit however closely it is counted.</returns>
    public BatchQuote? Counted(Money most, CancellationToken cancellationToken)
    {
        var quotes = new List<Quote>(_quotes.Count);
        var ceiling = Money.Zero;
        for (var place = 0; place < _quotes.Count && ceiling <= most; place++)
        {
            var call = _batch.Requests[place];
            quotes.Add(Counts(call) ? _price(call with { Shape = call.Shape with { InputBound = call.Shape.Input!.Count(cancellationToken) } }) : _quotes[place]);
            ceiling += quotes[^1].Ceiling;
        }

        return ceiling <= most ? new BatchQuote(_batch, quotes, _price, _models, _cards) : null;
    }

    /// <summary>The command that holds all of it or nothing.</summary>
    public Reserve ToReserve(ReservationId id, DateTimeOffset now)
    {
        var first = _quotes[0];
        return new Reserve(id, first.Call.Agent, first.Call.Run, _models, Ceiling, Ceiling, now + _batch.Lifetime, now)
        {
            Whole = true,
            RunLimit = first.Call.RunLimit,
            Requests = _quotes.Count,
            Cards = _cards,
            Unbounded = _quotes.Select(static quote => quote.Unbounded).OfType<string>().ToHashSet(StringComparer.Ordinal) is { Count: > 0 } names
                ? CommandForm.ToStorable(string.Join(", ", names))
                : null,
        };
    }

    private static bool Counts(ModelCall call) => call.Shape.Input is { CanCount: true } input && input.Tokens == call.Shape.InputBound;
}
