using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads answers of Gemini's <c>embedContent</c> and <c>batchEmbedContents</c>, which have input only and often do not tell it.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class GeminiEmbeddingsReader() : WholeAnswerReader("usageMetadata")
{
    private protected override ProviderReport Read(JsonElement answer, JsonElement? usage) => usage is { } counted
        ? GeminiUsage.ReadEmbeddings(counted)
        : new ProviderReport();
}
