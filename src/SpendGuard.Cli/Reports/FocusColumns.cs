using System.Globalization;

namespace SpendGuard.Cli.Reports;

/// <summary>A row for a day, an agent and a model as FOCUS 1.3 has a charge: what its data set "Cost and Usage" demands. What the ledger cannot know is null.</summary>
internal static class FocusColumns
{
    private const string Tool = "tool";

    public static IReadOnlyList<(string Name, Func<ReportRowView, string?> Value)> All { get; } =
    [
        ("BilledCost", Cost),
        ("BillingAccountId", _ => null),
        ("BillingAccountName", _ => null),
        ("BillingCurrency", _ => "USD"),
        ("BillingPeriodEnd", row => Moment(Month(row).AddMonths(1))),
        ("BillingPeriodStart", row => Moment(Month(row))),
        ("ChargeCategory", _ => "Usage"),
        ("ChargeClass", _ => null),
        ("ChargeDescription", row => $"Calls of agent {row.Name ?? row.AgentId} to {row.Model ?? "a model that is not known"}"),
        ("ChargeFrequency", _ => "Usage-Based"),
        ("ChargePeriodEnd", row => Moment(Day(row).AddDays(1))),
        ("ChargePeriodStart", row => Moment(Day(row))),
        ("ConsumedQuantity", row => row.Tokens?.Total.ToString(CultureInfo.InvariantCulture)),
        ("ConsumedUnit", row => row.Tokens is null ? null : "Tokens"),
        ("ContractedCost", Cost),
        ("EffectiveCost", Cost),
        ("HostProviderName", Provider),
        ("InvoiceIssuerName", Provider),
        ("ListCost", _ => null),
        ("PricingQuantity", _ => null),
        ("PricingUnit", _ => null),
        ("ProviderName", Provider),
        ("PublisherName", Provider),
        ("ResourceId", row => row.Model),
        ("ResourceName", row => row.Model?.Split(':', 2)[^1]),
        ("ResourceType", row => row.Model is null ? null : IsTool(row) ? "Tool" : "Model"),
        ("ServiceCategory", row => IsTool(row) ? "Other" : "AI and Machine Learning"),
        ("ServiceName", row => row.Model?.Split(':', 2)[0]),
        ("ServiceProviderName", Provider),
        ("ServiceSubcategory", row => IsTool(row) ? "Other (Other)" : "Generative AI"),
        ("SubAccountId", row => row.AgentId),
        ("SubAccountName", row => row.Name),
        ("SubAccountType", _ => "Agent"),
        ("Tags", _ => null),
    ];

    /// <summary>Whether something was charged, or counted; calls that were only refused are no charge.</summary>
    public static bool IsCharge(ReportRowView row) => row.CostMicrocents != 0 || row.Tokens is not null;

    private static bool IsTool(ReportRowView row) => row.Model?.StartsWith(Tool + ":", StringComparison.Ordinal) == true;

    private static string? Provider(ReportRowView row) => IsTool(row) || row.Model?.Split(':', 2) is not [var provider, _] ? null : provider;

    private static string Cost(ReportRowView row) =>
        Money.FromMicrocents(row.CostMicrocents).ToDollars().ToString("0.00########", CultureInfo.InvariantCulture);

    private static DateOnly Day(ReportRowView row) => DateOnly.ParseExact(row.Day ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Month(ReportRowView row) => new(Day(row).Year, Day(row).Month, 1);

    private static string Moment(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
}
