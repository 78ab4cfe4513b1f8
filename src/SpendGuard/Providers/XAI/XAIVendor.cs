using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing.Terms;
using SpendGuard.Providers.Counts;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Providers.XAI;

/// <summary>xAI, which speaks OpenAI's wire formats and counts in its own way.</summary>
internal sealed class XAIVendor() : Vendor("grok")
{
    /// <summary>In chat completions, reasoning is beside the output, in responses part of it; the total tells.</summary>
    public override CountRules Counting { get; } = new() { Reasoning = ReasoningPlace.Beside, AlwaysTellsTotal = true };

    internal override bool RunsItsCounts => true;

    internal override string TelemetryName => "x_ai";

    internal override bool BillsWhatItStates => true;

    internal override bool Makes(string model) => model.StartsWith("grok", StringComparison.OrdinalIgnoreCase);

    internal override SilentTerms TermsOf(string model) => XAITerms.Of(model);

    /// <summary>The heavy models are several agents too, without saying so.</summary>
    internal override UnboundedModel? ActsByItself(string model) =>
        model.Contains("-heavy", StringComparison.OrdinalIgnoreCase) ? UnboundedModel.SeveralAgents(model) : null;

    internal override bool IsOverload(ProviderError error) => error.Says("overloaded", "at capacity", "high demand");

    internal override long? ImageOf(string model, ImageSize? size, string? detail) => 1_792;

    internal override bool ChargesForRegion(string host) => HostName.IsBelow(host, "api.x.ai");

    internal override bool IsAt(string host) => HostName.IsOrBelow(host, "x.ai");

    /// <summary>Its models run nowhere else.</summary>
    internal override bool KeepsOutputCap(string model, string? host, string name) =>
        name == OpenAIVendor.CapName && (host is not null || model.StartsWith("grok-", StringComparison.Ordinal));

    internal override ClientAdapter? AdapterNamed(string name) => name is "xai" ? new ClientAdapter { Provider = Name } : null;
}
