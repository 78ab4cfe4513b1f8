using SpendGuard.Bounds;

namespace SpendGuard.Providers.OpenAI;

/// <summary>OpenAI.</summary>
internal sealed class OpenAIVendor() : Vendor("openai")
{
    public override bool LeavesOutAdditionalProperties => true;

    public override bool SearchesByItself(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Contains("-search-", StringComparison.Ordinal);
    }

    /// <summary>A request that leaves the tier out is served as the project is set.</summary>
    public override bool HasSettingFor(string tier) => true;

    internal override TextEncoding EncodingOf(string model) => OpenAITokenizers.EncodingOf(Base(model));

    internal override long? ImageOf(string model, ImageSize? size, string? detail) => OpenAIImages.Tokens(Base(model), size, detail);

    internal override bool ChargesForRegion(string host) => HostName.IsBelow(host, "api.openai.com");

    /// <summary>Its adapter calls itself openai whatever it talks to. Options that name a model do not reach the provider in those for images and speech.</summary>
    internal override ClientAdapter? AdapterNamed(string name) =>
        name == Name ? new ClientAdapter { Provider = Name, TalksToOthers = true, HasOneModel = true } : null;

    /// <summary>The model that a fine-tuned one was made of.</summary>
    private static string Base(string model) => model.StartsWith("ft:", StringComparison.Ordinal) ? model[3..] : model;
}
