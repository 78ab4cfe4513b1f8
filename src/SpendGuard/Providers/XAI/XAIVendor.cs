using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.XAI;

/// <summary>xAI, which speaks OpenAI's wire formats and counts in its own way.</summary>
internal sealed class XAIVendor() : Vendor("grok")
{
    /// <summary>There are ten billion ticks in a dollar.</summary>
    private const long TicksPerMicrocent = 100;

    /// <summary>In chat completions it is beside the output, in responses part of it; the total tells.</summary>
    public override ReasoningPlace Reasoning => ReasoningPlace.Beside;

    internal override string TelemetryName => "x_ai";

    /// <summary>Discounts and fees of hosted tools are in it; a fraction of a microcent is rounded up. Nothing at all is not a statement.</summary>
    internal override Money? StatedCost(JsonElement usage) =>
        UsageJson.Count(usage, "cost_in_usd_ticks") is { } ticks and > 0 ? Money.FromMicrocents(1 + ((ticks - 1) / TicksPerMicrocent)) : null;

    internal override bool Makes(string model) => model.StartsWith("grok", StringComparison.OrdinalIgnoreCase);

    internal override SilentTerms TermsOf(string model) => XAITerms.Of(model);

    /// <summary>The heavy models are several agents too, without saying so.</summary>
    internal override UnboundedModel? ActsByItself(string model) =>
        model.Contains("-heavy", StringComparison.OrdinalIgnoreCase) ? UnboundedModel.SeveralAgents(model) : null;

    internal override long? ImageOf(string model, ImageSize? size, string? detail) => 1_792;

    internal override bool ChargesForRegion(string host) => HostName.IsBelow(host, "api.x.ai");

    internal override bool IsAt(string host) => HostName.IsOrBelow(host, "x.ai");

    internal override ClientAdapter? AdapterNamed(string name) => name is "xai" ? new ClientAdapter { Provider = Name } : null;
}
