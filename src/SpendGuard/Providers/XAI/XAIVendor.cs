using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.XAI;

/// <summary>xAI, which speaks OpenAI's wire formats and counts in its own way.</summary>
internal sealed class XAIVendor : Vendor
{
    public const string Name = "grok";

    /// <summary>There are ten billion ticks in a dollar.</summary>
    private const long TicksPerMicrocent = 100;

    public override ReasoningPlace Reasoning => ReasoningPlace.Beside;

    /// <summary>Discounts and fees of hosted tools are in it; a fraction of a microcent is rounded up. Nothing at all is not a statement.</summary>
    internal override Money? StatedCost(JsonElement usage) =>
        UsageJson.Count(usage, "cost_in_usd_ticks") is { } ticks and > 0 ? Money.FromMicrocents(1 + ((ticks - 1) / TicksPerMicrocent)) : null;
}
