using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads answers with images: how many there are, and the tokens where those are what is billed.</summary>
/// <param name="vendor">Who bills for it.</param>
/// <param name="byImage">Whether the model is billed by the image.</param>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIImagesReader(Vendor vendor, bool byImage) : WholeAnswerReader("usage")
{
    private protected override ProviderReport Read(JsonElement answer, JsonElement? usage)
    {
        var images = UsageJson.Find(answer, "data") is { ValueKind: JsonValueKind.Array } data ? data.GetArrayLength() : 0;
        return byImage ? new ProviderReport { Usage = images > 0 ? new Usage { Images = images } : null }
            : usage is { } counted ? OpenAIAnswer.Said(answer).With(Tokens(counted, images > 0))
            : OpenAIAnswer.Said(answer);
    }

    /// <summary>Whatever kind the tokens of an image are said to be of, they cost what output does.</summary>
    private ProviderReport Tokens(JsonElement usage, bool hasOutput) =>
        OpenAIUsage.Read(ToldCounts.Read(usage, "output_tokens_details"), vendor, hasOutput);
}
