using SpendGuard.Bounds;
using SpendGuard.Pricing.Terms;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.OpenAI;

/// <summary>OpenAI.</summary>
internal sealed class OpenAIVendor() : Vendor("openai")
{
    /// <summary>The name under which it takes the output cap of a chat completion, for all of its models.</summary>
    public const string CapName = "max_completion_tokens";

    /// <summary>Reasoning and cache are within; servers of others that speak its formats may leave the total out.</summary>
    public override CountRules Counting { get; } = new() { AlwaysTellsTotal = true };

    /// <summary>A request that leaves the tier out is served as the project is set.</summary>
    public override bool HasSettingFor(string tier) => true;

    internal override bool Makes(string model) => OpenAIModel.IsNamed(OpenAIModel.Base(model));

    internal override bool IsOverload(ProviderError error) =>
        error.Code is "server_is_overloaded" or "slow_down" || error.Type is "slow_down" || error.Says("overloaded");

    internal override SilentTerms TermsOf(string model) => OpenAITerms.Of(OpenAIModel.Base(model));

    internal override bool Reasons(string model) => OpenAIModel.Reasons(OpenAIModel.Base(model));

    internal override TextEncoding EncodingOf(string model) => OpenAITokenizers.EncodingOf(OpenAIModel.Base(model));

    internal override long? ImageOf(string model, ImageSize? size, string? detail) => OpenAIImages.Tokens(OpenAIModel.Base(model), size, detail);

    internal override bool ChargesForRegion(string host) => HostName.IsBelow(host, "api.openai.com");

    internal override bool IsAt(string host) => HostName.IsOrBelow(host, "openai.com");

    internal override bool KeepsOutputCap(string model, string? host, string name) =>
        name == CapName && (host is not null || OpenAIModel.RunsNowhereElse(OpenAIModel.Base(model)));

    /// <summary>Its adapter calls itself openai whatever it talks to. Options that name a model do not reach the provider in those for images and speech.</summary>
    internal override ClientAdapter? AdapterNamed(string name) =>
        name != Name ? null : new ClientAdapter
        {
            Provider = Name,
            Assembly = "Microsoft.Extensions.AI.OpenAI",
            TalksToOthers = true,
            HasOneModel = true,
            SendsOnlyWhatItKnows = true,
            OutputCapName = CapName,
        };
}
