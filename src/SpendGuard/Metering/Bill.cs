using System.Collections.Immutable;
using SpendGuard.Pricing;

namespace SpendGuard.Metering;

/// <summary>What a call cost: usage × rate card as exact line items, and their total, rounded up once.</summary>
public sealed class Bill
{
    private Bill(RateCard card, Usage usage, ImmutableArray<LineItem> lines, Money total)
    {
        Card = card;
        Usage = usage;
        Lines = lines;
        Total = total;
    }

    /// <summary>The prices that were applied.</summary>
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
        var rates = card.RatesFor(usage.TotalInput, serviceTier);
        var lines = ImmutableArray.CreateBuilder<LineItem>();
        foreach (var (category, quantity) in usage.ByCategory())
        {
            if (quantity != 0)
            {
                lines.Add(new LineItem(category, quantity, RateOf(category, rates, card)));
            }
        }

        var total = lines.Aggregate(ExactAmount.Zero, (sum, line) => sum + line.Cost).RoundUp();
        return new Bill(card, usage, lines.ToImmutable(), total);
    }

    /// <summary>The bill of a provider that states what it charges: discounts and fees that no card knows are in it.</summary>
    internal static Bill Stated(Usage usage, RateCard card, Money total) => new(card, usage, lines: [], total);

    /// <summary>The dearest bill under several cards, such as those before and after a price change during the call.</summary>
    internal static Bill Dearest(Usage usage, IEnumerable<RateCard> cards, string? serviceTier) =>
        cards.Select(card => For(usage, card, serviceTier)).MaxBy(bill => bill.Total)
            ?? throw new ArgumentException("There is no rate card to price the usage with.", nameof(cards));

    private static Rate RateOf(UsageCategory category, TokenRates rates, RateCard card) =>
        rates.Of(category)
            ?? (card.Fees.TryGetValue(category, out var fee) ? fee : throw UnboundedCostException.ForCategory(card.Model, category));
}
