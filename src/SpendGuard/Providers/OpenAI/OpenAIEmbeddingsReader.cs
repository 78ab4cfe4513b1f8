using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads embeddings, which have input only and come as a whole.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIEmbeddingsReader : AnswerReader
{
    private ProviderReport _report = new();

    /// <inheritdoc/>
    public override ProviderReport Report => _report;

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        ToldUsage = UsageJson.Find(answer, "usage") is not null;
        return _report = OpenAIAnswer.ReportEmbeddings(answer);
    }

    /// <summary>Reads nothing: the format has no events.</summary>
    public override void ReadEvent(JsonElement data)
    {
    }
}
