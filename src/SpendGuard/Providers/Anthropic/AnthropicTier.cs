using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Providers.Anthropic;

/// <summary>What multiplies the price of a whole message: a fast speed, a region with a surcharge, a service tier. They add to each other.</summary>
internal static class AnthropicTier
{
    /// <summary>The tier that a message was served at.</summary>
    /// <param name="reports">The <c>usage</c> objects in the order in which they came. What one of them leaves out stays as it was.</param>
    /// <param name="pricedRegion">A region whose surcharge is in the price already; null for none.</param>
    /// <param name="inBatch">Whether the message is of a batch, which has a price of its own whether or not the usage says so.</param>
    /// <returns>The tier as prices name it, several joined by a plus sign; null where nothing is told.</returns>
    public static string? Read(IEnumerable<JsonElement> reports, string? pricedRegion = null, bool inBatch = false)
    {
        ArgumentNullException.ThrowIfNull(reports);
        string? speed = null;
        string? region = null;
        string? service = null;
        foreach (var report in reports)
        {
            speed = UsageJson.Text(report, "speed") ?? speed;
            region = UsageJson.Text(report, "inference_geo") ?? region;
            service = UsageJson.Text(report, "service_tier") ?? service;
        }

        string?[] told =
        [
            speed is "standard" ? null : speed,
            region is "global" or "not_available" || region == pricedRegion ? null : region,
            service is "standard" or ServiceTier.Batch && inBatch ? null : service,
            inBatch ? ServiceTier.Batch : null,
        ];
        var dearer = string.Join('+', told.Where(name => name is not null));
        return dearer.Length > 0 ? dearer : service;
    }
}
