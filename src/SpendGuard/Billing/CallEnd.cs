using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>How a reserved call ends: the one rule from what came back to what is charged.</summary>
internal abstract record CallEnd
{
    private CallEnd()
    {
    }

    /// <summary>Decides how a call ends.</summary>
    /// <param name="report">What came back.</param>
    /// <param name="cardsOf">The cards that can apply to a model, by the provider's name for it; those of the reserved one for null or a model without a price.</param>
    /// <param name="askedTier">The service tier that was asked for, where the report names none; null for the standard one.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where the call was served.</param>
    public static CallEnd Of(
        ProviderReport report, Func<string?, IEnumerable<RateCard>> cardsOf, string? askedTier, decimal residencyFactor)
    {
        // What is known of a cost counts for more than the word that there is none.
        var states = report.StatedCost > Money.Zero;
        if (report is { Unbilled: true, Usage: null or { IsZero: true } } && !states && !(report.LeastCost > Money.Zero))
        {
            return new Released();
        }

        if (report.Usage is not { } usage)
        {
            return new Forfeited(report.Reason ?? report.Incomplete ?? "the provider's answer has no usage");
        }

        if (usage.IsZero && !states)
        {
            return new Forfeited("the provider counted nothing");
        }

        if (report.Incomplete is { } missing)
        {
            return new Forfeited(missing);
        }

        try
        {
            return new Settled(Price(report, usage, cardsOf, report.ServiceTier ?? askedTier, residencyFactor));
        }
        catch (Exception exception) when (exception is SpendGuardException or OverflowException or ArgumentOutOfRangeException)
        {
            return new Forfeited(exception.Message);
        }
    }

    private static Bill Price(
        ProviderReport report, Usage usage, Func<string?, IEnumerable<RateCard>> cardsOf, string? tier, decimal residencyFactor)
    {
        if (report.StatedCost is { } stated && stated > Money.Zero)
        {
            return Bill.Stated(usage, cardsOf(report.Model).First(), stated);
        }

        var bill = Bill.Dearest(usage, model => cardsOf(string.IsNullOrWhiteSpace(model) ? report.Model : model), tier, residencyFactor);

        // What cost nothing at another model's prices, such as the output of one that has none, was not served by that model.
        bill = bill.Total == Money.Zero ? Bill.Dearest(usage, cardsOf, tier, residencyFactor) : bill;
        return report.LeastCost is { } least && least > bill.Total ? Bill.Stated(usage, bill.Card, least) : bill;
    }

    /// <summary>The call is known to have cost nothing.</summary>
    internal sealed record Released : CallEnd;

    /// <summary>The call cost what the bill says.</summary>
    /// <param name="Bill">The bill.</param>
    internal sealed record Settled(Bill Bill) : CallEnd;

    /// <summary>What the call cost is unknown.</summary>
    /// <param name="Reason">Why, for the log.</param>
    internal sealed record Forfeited(string Reason) : CallEnd;
}
