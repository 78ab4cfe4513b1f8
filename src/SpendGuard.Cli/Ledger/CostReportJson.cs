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
            return [.. json.RootElement.GetProperty("data").EnumerateArray().SelectMany(ReadBucket)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw new CostExportException($"It is no cost report of {VendorCosts.Names}: {exception.Message}");
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
