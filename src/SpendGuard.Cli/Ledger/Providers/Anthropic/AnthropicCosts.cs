using System.Text.Json;

namespace SpendGuard.Cli.Ledger.Providers.Anthropic;

/// <summary>What Anthropic's <c>/v1/organizations/cost_report</c> answers with, grouped by description. Amounts are text, in cents.</summary>
internal sealed class AnthropicCosts : VendorCosts
{
    protected override string Name => "Anthropic";

    public override bool Has(JsonElement bucket) => bucket.TryGetProperty("starting_at", out _);

    public override ProviderCost Read(JsonElement bucket, JsonElement result)
    {
        RequireDollars(result);
        var model = result.TryGetProperty("model", out var named) ? named.GetString() : null;
        return new ProviderCost(
            "anthropic", model ?? "", Amount(result.GetProperty("amount").GetString()!) / 100, bucket.GetProperty("starting_at").GetDateTimeOffset());
    }
}
