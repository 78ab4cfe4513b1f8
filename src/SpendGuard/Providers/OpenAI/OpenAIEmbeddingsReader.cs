using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads embeddings, which have input only.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIEmbeddingsReader() : WholeAnswerReader("usage")
{
    private protected override ProviderReport Read(JsonElement answer, JsonElement? usage) => usage is { } counted
        ? OpenAIAnswer.Said(answer).With(OpenAIUsage.ReadEmbeddings(counted))
        : OpenAIAnswer.Said(answer);
}
