using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Calls;

/// <summary>What a call is going to need: the prices that can apply, its worst case, and the span from floor to ceiling.</summary>
internal sealed record Quote
{
    public required ModelCall Call { get; init; }

    /// <summary>Every card that may be in force until the call has ended.</summary>
    public required IReadOnlyList<RateCard> Cards { get; init; }

    /// <summary>The prices that it was made by. Others may be in force at the end of the call.</summary>
    public required PriceBook Book { get; init; }

    /// <summary>Whether the cards are the application's own.</summary>
    public bool PricesAreOwn { get; init; }

    public required WorstCases WorstCases { get; init; }

    /// <summary>The output cap in tokens if the budget pays for it: what was asked for, at most what the model gives.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>What is let through without a cost bound, as a store can keep it; null when all of the call is bounded.</summary>
    public string? Unbounded => Call.Shape.UnboundedFeatures is { IsDefaultOrEmpty: false } names
        ? CommandForm.ToStorable(string.Join(", ", names))
        : null;

    /// <summary>The least output, in tokens, that it is made for.</summary>
    public required long LeastOutputTokens { get; init; }

    /// <summary>The input and the least useful output.</summary>
    public required Money Floor { get; init; }

    /// <summary>The input and an ordinary answer; at most the ceiling.</summary>
    public Money Ordinary => Money.Min(Ceiling, WorstCases.Fewest.At(Math.Max(LeastOutputTokens, Math.Min(OutputTokens, WorstCases.OrdinaryOutput))));

    /// <summary>What a refusal says of the floor.</summary>
    public CallNeed Need { get; init; }

    /// <summary>The input and the whole output.</summary>
    public required Money Ceiling { get; init; }

    /// <param name="call">The call.</param>
    /// <param name="book">The prices in force.</param>
    /// <param name="options">How the engine is set up.</param>
    /// <param name="now">The time.</param>
    /// <param name="within">How long the batch may take that it is a request of; null for a call by itself.</param>
    public static Quote For(ModelCall call, PriceBook book, SpendGuardOptions options, DateTimeOffset now, TimeSpan? within = null)
    {
        RefuseUnbounded(call);
        if (within is null && call.Shape.ServiceTier is ServiceTier.Batch)
        {
            throw UnboundedCostException.ForBatchTier();
        }

        var cards = Vendor.Complete(book.Find(call.Model, now, now + (within ?? options.LongestCall)));
        var maxInput = call.Shape.SeparateInputs ? long.MaxValue : cards.Max(card => card.InputLimit ?? long.MaxValue);
        var shape = call.Shape with { InputBound = call.Shape.UnseenInput is null ? Math.Min(call.Shape.InputBound, maxInput) : maxInput };
        if (cards.FirstOrDefault(card => card.InputLimit < shape.OpenedInputTokens) is { } closed)
        {
            throw UnboundedCostException.ForOpenedInput(closed, shape.OpenedInputTokens!.Value);
        }

        if (shape.InputBound == long.MaxValue)
        {
            throw UnboundedCostException.ForInput(cards, shape.UnseenInput ?? "the input");
        }

        var maxOutput = cards.Max(card => card.MaxOutputTokens ?? long.MaxValue);
        var output = Math.Min(shape.OutputTokens ?? options.DefaultOutputTokens ?? UnaskedOutput(cards), maxOutput);
        var most = shape.UnkeptCap is null ? output : maxOutput;
        if (most == long.MaxValue)
        {
            throw UnboundedCostException.ForOutput(call.Model);
        }

        var useful = UsefulOutput.Of(call, options);
        var least = shape.UnkeptCap is null ? Math.Min(Math.Max(useful, shape.LeastOutputTokens ?? 0), output) : most;
        var worstCases = new WorstCases(shape, cards, maxInput);
        return new Quote
        {
            Call = call with { Shape = shape },
            Cards = cards,
            Book = book,
            PricesAreOwn = book.IsOwn(call.Model),
            WorstCases = worstCases,
            OutputTokens = output,
            LeastOutputTokens = least,
            Floor = worstCases.Fewest.At(least),
            Ceiling = worstCases.With(worstCases.Most).At(most),
            Need = new CallNeed(
                HoldReason.Of(
                    call.Shape, worstCases.Least > 0 ? maxInput : shape.InputBound, output, most, useful <= output && UsefulOutput.IsForReasoning(call, options) ? least : null),
                IsByBytes: worstCases.Least == 0 && call.Shape is { UnseenInput: null, Input: { IsByBytes: true } input } && shape.InputBound == input.Closest),
        };
    }

    /// <summary>The command that holds all of it, within a budget's share for one call, or nothing.</summary>
    public Reserve ToReserveWhole(ReservationId id, DateTimeOffset now, TimeSpan lifetime) =>
        ToReserve(id, now, lifetime) with { Whole = true, IsTentative = true, Ordinary = Money.Zero };

    public Reserve ToReserve(ReservationId id, DateTimeOffset now, TimeSpan lifetime) =>
        new(id, Call.Agent, Call.Run, Call.Model.ToString(), Floor, Ceiling, now + lifetime, now)
        {
            Function = Call.Function,
            Unbounded = Unbounded,
            Ordinary = Ordinary,
            RunLimit = Call.RunLimit,
            IsTentative = Call.IsTentative,
            IsDryRun = Call.IsDryRun,
            Fingerprint = Call.Run is null ? null : Call.Fingerprint,
        };

    /// <summary>What an amount between floor and ceiling pays for.</summary>
    public CallGrant GrantFor(Money held) => WorstCases.Split(held, OutputTokens, LeastOutputTokens);

    /// <summary>
    /// The quote for a budget of which so much may be had: it asks for no more than the calls of hosted tools come to that this pays for, so
    /// that nothing is held that buys none. What the store grants is split all the same.
    /// </summary>
    public Quote For(Money available) => WorstCases.Most == WorstCases.Least || Call.Shape.UnkeptCap is not null
        ? this
        : this with { Ceiling = Money.Max(Floor, WorstCases.With(GrantFor(available).HostedCalls).At(OutputTokens)) };

    /// <summary>What a call gets that names no output cap: what the model gives at most, or what the book assumes where that is not published.</summary>
    private static long UnaskedOutput(IReadOnlyList<RateCard> cards) =>
        cards.Max(card => card.MaxOutputTokens ?? card.AssumedMaxOutputTokens ?? long.MaxValue);

    /// <summary>Refuses a model that does by itself what has no bound.</summary>
    private static void RefuseUnbounded(ModelCall call)
    {
        if (!call.Shape.UnboundedModelAllowed && Vendor.Of(call.Model.Provider).UnboundedBy(call.Model.Model) is { } unbounded)
        {
            throw new UnboundedCostException(unbounded.Feature, unbounded.Reason, UnboundedModel.Remedy);
        }
    }
}
