using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads answers of Gemini's <c>embedContent</c> and <c>batchEmbedContents</c>, which have input only and often do not tell it.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class GeminiEmbeddingsReader : AnswerReader
{
    private ProviderReport _report = new();

    /// <inheritdoc/>
    public override ProviderReport Report => _report;

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        if (UsageJson.Find(answer, "usageMetadata") is { } usage)
        {
            ToldUsage = true;
            _report = GeminiUsage.ReadEmbeddings(usage);
        }

        return _report;
    }

    /// <summary>Reads nothing: the format has no events.</summary>
    public override void ReadEvent(JsonElement data)
    {
    }
}
