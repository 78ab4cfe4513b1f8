using System.Text.Json;
using SpendGuard.Cli.Ledger.Providers;

namespace SpendGuard.Cli.Ledger;

/// <summary>Reads a page of the cost reports that vendors answer with: buckets of time with results in them.</summary>
internal static class CostReportJson
{
    /// <exception cref="CostExportException">It is no such page, or not the last of them.</exception>
    public static IReadOnlyList<ProviderCost> Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            RefusePart(json.RootElement);
            return [.. json.RootElement.GetProperty("data").EnumerateArray().SelectMany(ReadBucket)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw new CostExportException($"It is no cost report of {VendorCosts.Names}: {exception.Message}");
        }
    }

    /// <summary>What lies on the next page would be missing from the sums, and look like calls that were never billed.</summary>
    private static void RefusePart(JsonElement page)
    {
        if (page.TryGetProperty("has_more", out var more) && more.ValueKind is not (JsonValueKind.False or JsonValueKind.Null)
            || page.TryGetProperty("next_page", out var next) && next.ValueKind is not JsonValueKind.Null)
        {
            throw new CostExportException(
                "It is one page of several: the costs of the next one are missing. Ask for fewer days, or for more of them a page (`limit`), and give all files.");
        }
    }

    private static IEnumerable<ProviderCost> ReadBucket(JsonElement bucket)
    {
        var results = bucket.GetProperty("results").EnumerateArray();
        return VendorCosts.All.FirstOrDefault(vendor => vendor.Has(bucket)) is { } vendor
            ? results.Select(result => vendor.Read(bucket, result))
            : throw new FormatException("A bucket has no start.");
    }
}
