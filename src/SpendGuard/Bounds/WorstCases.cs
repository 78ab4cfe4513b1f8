using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>The worst cases of a call by how often it calls tools that the provider runs, and what of both an amount pays for.</summary>
internal sealed class WorstCases
{
    /// <summary>
    /// The output of an ordinary answer, in tokens, as far as it is wanted: a call has to have as much left before it gets a search more, since
    /// what is found has to be told; and the share of a budget that one call may hold does not take it away. Ours.
    /// </summary>
    public const long OrdinaryOutput = 4_096;

    private readonly CallShape _call;
    private readonly IReadOnlyList<RateCard> _cards;
    private readonly long _maxInput;

    /// <param name="call">The call, without its calls of hosted tools.</param>
    /// <param name="cards">Every card of the model that may be in force until the call has ended.</param>
    /// <param name="maxInput">The most that the model takes in; <see cref="long.MaxValue"/> where that is not known.</param>
    /// <exception cref="UnboundedCostException">Something in the call has no price or no bound.</exception>
    public WorstCases(CallShape call, IReadOnlyList<RateCard> cards, long maxInput)
    {
        (_call, _cards, _maxInput) = (call, cards, maxInput);
        Least = call.HostedCalls?.Least ?? 0;
        Most = call.HostedCalls is { } hosted && (Least > 0 || HasBound(hosted)) ? hosted.Most : 0;
        Fewest = With(Least);
    }

    /// <summary>The fewest calls of hosted tools.</summary>
    public int Least { get; }

    /// <summary>The most; 0 for tools that have no price or no bound, which are not asked for.</summary>
    public int Most { get; }

    /// <summary>With the fewest of them.</summary>
    public WorstCase Fewest { get; }

    /// <summary>With so many of them.</summary>
    /// <exception cref="UnboundedCostException">One of them has no price or no bound.</exception>
    /// <exception cref="OverflowException">The cost is out of range.</exception>
    public WorstCase With(int calls)
    {
        if (calls == 0)
        {
            return WorstCase.Of(_call, _cards);
        }

        var hosted = _call.HostedCalls!;
        return WorstCase.Of(
            _call with
            {
                InputBound = _maxInput < long.MaxValue ? _maxInput : throw UnboundedCostException.ForInput(_cards, hosted.Name),
                Runs = checked(_call.Runs + calls),
                FeeUnits = hosted.Fees.Aggregate(_call.FeeUnits, (units, fee) => units.SetItem(fee, units.GetValueOrDefault(fee) + calls)),
            },
            _cards);
    }

    /// <summary>
    /// What an amount pays for: as many calls of hosted tools as leave <see cref="OrdinaryOutput"/> of the output that is wanted, and then
    /// as much of it as the rest pays for. Its worst case is never above the amount, where that pays for the fewest calls and some output.
    /// </summary>
    /// <param name="amount">The amount.</param>
    /// <param name="wanted">The output that is wanted, in tokens.</param>
    /// <param name="least">The output without which the call is of no use, in tokens; calls of tools leave that, if the amount pays for it.</param>
    public CallGrant Split(Money amount, long wanted, long least = 1)
    {
        var calls = CallsFor(amount, Math.Min(wanted, Math.Max(least, OrdinaryOutput)));
        var worst = calls == Least ? Fewest : With(calls);
        return new CallGrant(Math.Min(wanted, worst.OutputTokensFor(amount)), calls);
    }

    /// <summary>The most calls that an amount pays for beside some output. The more calls, the higher the worst case.</summary>
    private int CallsFor(Money amount, long output)
    {
        var (pays, doesNot) = (Least, Most + 1);
        while (doesNot - pays > 1)
        {
            var middle = pays + ((doesNot - pays) / 2);
            if (With(middle).At(output) <= amount)
            {
                pays = middle;
            }
            else
            {
                doesNot = middle;
            }
        }

        return pays;
    }

    private bool HasBound(HostedCalls hosted) =>
        _maxInput < long.MaxValue && _cards.All(card => hosted.Fees.All(card.Fees.ContainsKey));
}
