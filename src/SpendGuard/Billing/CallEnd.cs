using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>How a reserved call ends: the one rule from what came back to what is charged.</summary>
internal abstract record CallEnd
{
    private const int LongestName = 100;

    private CallEnd()
    {
    }

    /// <summary>Decides how a call ends.</summary>
    /// <param name="report">What came back.</param>
    /// <param name="prices">The cards that can apply.</param>
    /// <param name="askedTier">The service tier that was asked for, where the report names none; null for the standard one.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where the call was served.</param>
    public static CallEnd Of(ProviderReport report, ServedPrices prices, string? askedTier, decimal residencyFactor)
    {
        // What is known of a cost counts for more than the word that there is none.
        var states = report.StatedCost > Money.Zero;
        if (report is { Unbilled: true, Usage: null or { IsZero: true } } && !states && !(report.LeastCost > Money.Zero))
        {
            return new Released();
        }

        var tier = report.ServiceTier ?? askedTier;
        if (report.Usage is not { } usage)
        {
            return Unknown(report.Reason ?? report.Incomplete ?? "the provider's answer has no usage");
        }

        if (usage.IsZero && !states)
        {
            return Unknown("the provider counted nothing");
        }

        if (report.Incomplete is { } missing)
        {
            return Unknown(missing);
        }

        try
        {
            return Price(report, usage, prices, tier, residencyFactor);
        }
        catch (Exception exception) when (exception is SpendGuardException or OverflowException or ArgumentOutOfRangeException)
        {
            return Unknown(exception.Message);
        }

        Forfeited Unknown(string reason) => new(reason, KnownCost.Of(report, prices, tier, residencyFactor));
    }

    private static CallEnd Price(ProviderReport report, Usage usage, ServedPrices prices, string? tier, decimal residencyFactor)
    {
        var card = (prices.Of(report.Model) ?? prices.Asked)[0];
        if (report.StatedCost is { } stated && stated > Money.Zero)
        {
            return new Settled(Bill.Stated(usage, card, stated));
        }

        // A statement of the cost stands in for the price of a model that has none.
        var least = report.LeastCost ?? Money.Zero;
        var runs = PricedRun.Of(usage, report.Model, prices);
        if (runs.FirstOrDefault(run => run.Cards is null) is { Model: { } unpriced } && least == Money.Zero)
        {
            var name = unpriced.Length > LongestName ? unpriced[..LongestName] : unpriced;
            return new Forfeited($"the answer says that {name} served it, which has no price", KnownCost.Of(report, prices, tier, residencyFactor));
        }

        var bill = Bill.Dearest(usage, card, runs.Select(run => run.Cards is null ? run with { Cards = prices.Nearest(run.Model) } : run), tier, residencyFactor);

        // What is free at another model's prices, such as the output of one that has none, was not served by that model.
        bill = bill.Lines.Any(line => line.Rate == Rate.Zero)
            ? Bill.Dearer(bill, Bill.Dearest(usage, prices.Asked[0], PricedRun.Of(usage, prices.Asked), tier, residencyFactor))
            : bill;
        return new Settled(least > bill.Total ? Bill.Stated(usage, bill.Card, least) : bill);
    }

    /// <summary>The call is known to have cost nothing.</summary>
    internal sealed record Released : CallEnd;

    /// <summary>The call cost what the bill says.</summary>
    /// <param name="Bill">The bill.</param>
    internal sealed record Settled(Bill Bill) : CallEnd;

    /// <summary>What the call cost is unknown.</summary>
    /// <param name="Reason">Why, for the log.</param>
    /// <param name="Known">What it is known to have cost at least.</param>
    internal sealed record Forfeited(string Reason, Money Known) : CallEnd;
}
