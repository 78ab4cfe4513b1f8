using System.Text.Json;

namespace SpendGuard.Cli.Ledger.Providers.OpenAI;

/// <summary>OpenAI's CSV, and what <c>/v1/organization/costs</c> answers with, grouped by line item.</summary>
internal sealed class OpenAICosts : VendorCosts
{
    private const string Provider = "openai";

    public override IReadOnlyList<string> Columns => ["amount_value", "amount_currency", "line_item", "start_time"];

    protected override string Name => "OpenAI";

    /// <summary>A day on which nothing was charged is a row without an amount.</summary>
    public override ProviderCost? Read(CsvRow row)
    {
        if (row["amount_value"].Length == 0)
        {
            return null;
        }

        return IsDollars(row["amount_currency"])
            ? new ProviderCost(Provider, ModelOf(row["line_item"]), row.Amount("amount_value"), row.Epoch("start_time"))
            : throw row.Fault($"is in '{row["amount_currency"]}'; only amounts in US dollars can be compared");
    }

    public override bool Has(JsonElement bucket) => bucket.TryGetProperty("start_time", out _);

    public override ProviderCost Read(JsonElement bucket, JsonElement result)
    {
        var amount = result.GetProperty("amount");
        RequireDollars(amount);
        var start = DateTimeOffset.FromUnixTimeSeconds(bucket.GetProperty("start_time").GetInt64());
        var model = ModelOf(result.TryGetProperty("line_item", out var item) ? item.GetString() : null);
        return new ProviderCost(Provider, model, Amount(amount.GetProperty("value").ToString()), start);
    }

    /// <summary>What was charged for is named <c>model, kind of token</c>.</summary>
    private static string ModelOf(string? lineItem) => lineItem?.Split(", ", 2)[0].Trim() ?? "";
}
