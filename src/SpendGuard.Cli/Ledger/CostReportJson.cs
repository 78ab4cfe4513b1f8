using System.Text.Json;

namespace SpendGuard.Cli.Ledger;

/// <summary>
/// Reads a page of the cost reports that OpenAI (<c>/v1/organization/costs</c>, grouped by line item) and Anthropic
/// (<c>/v1/organizations/cost_report</c>, grouped by description) answer with: buckets of time with results in them.
/// </summary>
internal static class CostReportJson
{
    /// <exception cref="CostExportException">It is no such page, or not the last of them.</exception>
    public static IReadOnlyList<ProviderCost> Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            var costs = new List<ProviderCost>();
            foreach (var bucket in json.RootElement.GetProperty("data").EnumerateArray())
            {
                costs.AddRange(bucket.GetProperty("results").EnumerateArray().Select(result => bucket.TryGetProperty("starting_at", out var start)
                    ? Anthropic(result, start.GetDateTimeOffset())
                    : OpenAI(result, DateTimeOffset.FromUnixTimeSeconds(bucket.GetProperty("start_time").GetInt64()))));
            }

            return costs;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw new CostExportException($"It is no cost report of OpenAI or Anthropic: {exception.Message}");
        }
    }

    private static ProviderCost OpenAI(JsonElement result, DateTimeOffset start)
    {
        var amount = result.GetProperty("amount");
        RequireDollars(amount);
        var model = CostExport.ModelOfLineItem(result.TryGetProperty("line_item", out var item) ? item.GetString() : null);
        return new ProviderCost("openai", model, CostExport.Amount(amount.GetProperty("value").ToString()), start);
    }

    /// <summary>Anthropic's amounts are text, in cents.</summary>
    private static ProviderCost Anthropic(JsonElement result, DateTimeOffset start)
    {
        RequireDollars(result);
        var model = result.TryGetProperty("model", out var named) ? named.GetString() : null;
        return new ProviderCost("anthropic", model ?? "", CostExport.Amount(result.GetProperty("amount").GetString()!) / 100, start);
    }

    private static void RequireDollars(JsonElement amount)
    {
        var currency = amount.GetProperty("currency").GetString();
        if (!string.Equals(currency, "usd", StringComparison.OrdinalIgnoreCase))
        {
            throw new CostExportException($"An amount is in '{currency}'; only amounts in US dollars can be compared.");
        }
    }
}
