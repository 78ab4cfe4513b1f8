using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>The worst-case execution cost (WCEC) of a call as a function of its output cap.</summary>
/// <remarks>
/// Input bound × the dearest reachable input rate, plus output × the dearest reachable output rate × the number of answers, both times
/// the number of runs, plus fees. Reachable are all context tiers up to the input of all runs, all rate cards in force until the call can
/// have ended, and every cache category that the call can end up in.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class WorstCase
{
    private readonly ExactAmount _apartFromOutput;
    private readonly Rate _perOutputToken;
    private readonly long _answers;

    private WorstCase(ExactAmount apartFromOutput, Rate perOutputToken, long answers)
    {
        _apartFromOutput = apartFromOutput;
        _perOutputToken = perOutputToken;
        _answers = answers;
    }

    /// <summary>Works out the worst case of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cards">Every card of the model that may be in force until the call has ended.</param>
    /// <exception cref="UnboundedCostException">Something in the call has no price or no bound.</exception>
    /// <exception cref="OverflowException">The cost is out of range.</exception>
    public static WorstCase Of(CallShape call, IReadOnlyCollection<RateCard> cards)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(cards);

        var apartFromOutput = ExactAmount.Zero;
        var perOutputToken = Rate.Zero;
        foreach (var card in cards)
        {
            var (input, output) = DearestRates(call, card);
            perOutputToken = Rate.Max(perOutputToken, output);
            var fixedCost = input.For(AllInput(call)) + Fees(call, card) + OutputOutsideCap(call, card, output);
            apartFromOutput = fixedCost > apartFromOutput ? fixedCost : apartFromOutput;
        }

        return new WorstCase(apartFromOutput, perOutputToken, Answers(call));
    }

    /// <summary>The most that the call can cost with this output cap, a fraction of a microcent rounded up.</summary>
    /// <param name="outputTokens">The output cap in tokens.</param>
    /// <exception cref="OverflowException">The cost is out of range.</exception>
    public Money At(long outputTokens) => (_apartFromOutput + _perOutputToken.For(checked(outputTokens * _answers))).RoundUp();

    /// <summary>The highest output cap, in tokens, whose worst case an amount pays for; 0 when it does not pay for the input.</summary>
    public long OutputTokensFor(Money amount) => _perOutputToken.UnitsFor(ExactAmount.From(amount) - _apartFromOutput) / _answers;

    private static long AllInput(CallShape call) => checked(call.InputBound * call.Runs);

    private static long Answers(CallShape call) => (long)call.Choices * call.Runs;

    private static (Rate Input, Rate Output) DearestRates(CallShape call, RateCard card)
    {
        var input = Rate.Zero;
        var output = Rate.Zero;
        foreach (var reached in card.ReachableRates(AllInput(call), call.ServiceTier))
        {
            var rates = reached.InRegion(call.ResidencyFactor);
            foreach (var category in InputCategories(call))
            {
                input = Rate.Max(input, rates.Of(category) ?? throw UnboundedCostException.ForCategory(card.Model, category));
            }

            foreach (var category in OutputCategories(call))
            {
                output = Rate.Max(output, rates.Of(category) ?? throw UnboundedCostException.ForCategory(card.Model, category));
            }
        }

        return (input, output);
    }

    private static IEnumerable<UsageCategory> InputCategories(CallShape call)
    {
        yield return UsageCategory.Input;
        yield return UsageCategory.CachedInput;
        yield return UsageCategory.CacheWrite;
        if (call.LongCacheWrites)
        {
            yield return UsageCategory.LongCacheWrite;
        }

        if (call.AudioInput)
        {
            yield return UsageCategory.AudioInput;
        }
    }

    private static IEnumerable<UsageCategory> OutputCategories(CallShape call)
    {
        yield return UsageCategory.Output;
        yield return UsageCategory.ReasoningOutput;
        if (call.AudioOutput)
        {
            yield return UsageCategory.AudioOutput;
        }
    }

    private static ExactAmount Fees(CallShape call, RateCard card)
    {
        var fees = ExactAmount.Zero;
        foreach (var (category, units) in call.FeeUnits)
        {
            fees += card.Fees.TryGetValue(category, out var fee)
                ? fee.For(units)
                : throw UnboundedCostException.ForCategory(card.Model, category);
        }

        return fees;
    }

    /// <summary>The cap cannot bound what is billed beyond it; the model's maximum does.</summary>
    private static ExactAmount OutputOutsideCap(CallShape call, RateCard card, Rate output) => card.ReasoningOutsideCap
        ? output.For(checked(Answers(call) * (card.MaxOutputTokens ?? throw UnboundedCostException.ForReasoning(card.Model))))
        : ExactAmount.Zero;
}
