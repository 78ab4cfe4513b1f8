using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>What a call cost: usage × rate card as exact line items, and their total, rounded up once.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class Bill
{
    private Bill(RateCard card, Usage usage, ImmutableArray<LineItem> lines, Money total)
    {
        Card = card;
        Usage = usage;
        Lines = lines;
        Total = total;
    }

    /// <summary>The prices that were applied; those of the model that served the call where its iterations have others.</summary>
    public RateCard Card { get; }

    /// <summary>What was counted.</summary>
    public Usage Usage { get; }

    /// <summary>The lines with a quantity above zero; none when the provider stated the total.</summary>
    public ImmutableArray<LineItem> Lines { get; }

    /// <summary>The sum of the lines, or what the provider stated; a fraction of a microcent is rounded up.</summary>
    public Money Total { get; }

    /// <summary>Prices a usage.</summary>
    /// <param name="usage">What was counted.</param>
    /// <param name="card">The prices of the model that served the call.</param>
    /// <param name="serviceTier">The tier that it was served at; null for the standard one.</param>
    /// <exception cref="UnboundedCostException">Something was used that the card has no price for.</exception>
    /// <exception cref="OverflowException">The total is out of range.</exception>
    public static Bill For(Usage usage, RateCard card, string? serviceTier = null)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(card);
        return Dearest(usage, card, PricedRun.Of(usage, [card]), serviceTier);
    }

    /// <summary>The bill of a provider that states what it charges: discounts and fees that no card knows are in it.</summary>
    internal static Bill Stated(Usage usage, RateCard card, Money total) => new(card, usage, lines: [], total);

    /// <summary>The dearer of two bills; the first where they come to the same.</summary>
    internal static Bill Dearer(Bill left, Bill right) => right.Total > left.Total ? right : left;

    /// <summary>The dearest bill under several cards, such as those before and after a price change during the call.</summary>
    /// <param name="usage">What was counted.</param>
    /// <param name="card">The card that the bill names: one of the model that served the call.</param>
    /// <param name="runs">The runs, all of which have cards.</param>
    /// <param name="serviceTier">The tier that the call was served at; null for the standard one.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where the call was served.</param>
    internal static Bill Dearest(Usage usage, RateCard card, IEnumerable<PricedRun> runs, string? serviceTier, decimal residencyFactor = 1)
    {
        ImmutableArray<LineItem> lines = [.. runs.SelectMany(run => DearestLines(run.Usage, run.Cards!, serviceTier, residencyFactor))];
        return new Bill(card, usage, lines, Sum(lines).RoundUp());
    }

    private static ImmutableArray<LineItem> DearestLines(
        Usage usage, IEnumerable<RateCard> cards, string? serviceTier, decimal residencyFactor) =>
        cards.Select(card => LinesOf(usage, card, serviceTier, residencyFactor)).MaxBy(Sum);

    private static ImmutableArray<LineItem> LinesOf(Usage usage, RateCard card, string? serviceTier, decimal residencyFactor)
    {
        var rates = card.RatesFor(usage.TotalInput, serviceTier).InRegion(residencyFactor);
        return
        [
            .. usage.ByCategory()
                .Where(count => count.Quantity != 0)
                .Select(count => new LineItem(count.Category, count.Quantity, RateOf(count.Category, rates, card))),
        ];
    }

    private static ExactAmount Sum(ImmutableArray<LineItem> lines) =>
        lines.Aggregate(ExactAmount.Zero, (sum, line) => sum + line.Cost);

    private static Rate RateOf(UsageCategory category, TokenRates rates, RateCard card) =>
        rates.Of(category)
            ?? (card.Fees.TryGetValue(category, out var fee) ? fee : throw UnboundedCostException.ForCategory(card.Model, category));
}
