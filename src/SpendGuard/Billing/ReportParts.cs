namespace SpendGuard.Billing;

/// <summary>Puts together a report from what different parts of an answer say.</summary>
internal static class ReportParts
{
    /// <summary>A report with what a usage says of the cost.</summary>
    public static ProviderReport With(this ProviderReport report, ProviderReport counted) => report with
    {
        Usage = counted.Usage,
        StatedCost = counted.StatedCost,
        LeastCost = counted.LeastCost,
        Incomplete = counted.Incomplete,
    };

    /// <summary>A report of counts that are of the whole only under a condition. What they state is at least what is charged.</summary>
    public static ProviderReport If(this ProviderReport report, bool isWhole, string reason) => isWhole ? report : report with
    {
        StatedCost = null,
        LeastCost = report.StatedCost ?? report.LeastCost,
        Incomplete = report.Incomplete ?? reason,
    };
}
