using System.Collections.Frozen;

namespace SpendGuard.SemanticKernel.Providers;

/// <summary>What is known of Semantic Kernel's connectors.</summary>
internal static class Connectors
{
    /// <summary>How a chat client is registered in place of a connector, for a sentence.</summary>
    public const string AddChatClient = "AddOpenAIChatClient";

    /// <summary>How an embedding generator is registered in place of a connector, for a sentence.</summary>
    public const string AddEmbeddingGenerator = "AddOpenAIEmbeddingGenerator";

    private static readonly FrozenDictionary<string, string> Billing = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Microsoft.SemanticKernel.Connectors.OpenAI.OpenAIChatCompletionService"] = "openai",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Who bills for the calls of a connector that is known to keep the output cap, and to tell the usage of each call; null for any other.
    /// </summary>
    /// <param name="connector">The type of the connector.</param>
    public static string? ProviderOf(Type connector) => Billing.GetValueOrDefault(connector.FullName ?? "");
}
