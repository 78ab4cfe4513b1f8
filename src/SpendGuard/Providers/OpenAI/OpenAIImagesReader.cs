using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads answers with images, which come as a whole: how many there are, and the tokens where those are what is billed.</summary>
/// <param name="vendor">Who bills for it.</param>
/// <param name="byImage">Whether the model is billed by the image.</param>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIImagesReader(Vendor vendor, bool byImage) : AnswerReader
{
    private ProviderReport _report = new();

    /// <inheritdoc/>
    public override ProviderReport Report => _report;

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        var images = UsageJson.Find(answer, "data") is { ValueKind: JsonValueKind.Array } data ? data.GetArrayLength() : 0;
        ToldUsage = UsageJson.Find(answer, "usage") is not null;
        return _report = byImage
            ? new ProviderReport { Usage = images > 0 ? new Usage { Images = images } : null }
            : OpenAIAnswer.ReportImages(answer, vendor, hasOutput: images > 0);
    }

    /// <summary>Reads nothing: a stream of images is not asked for.</summary>
    public override void ReadEvent(JsonElement data)
    {
    }
}
