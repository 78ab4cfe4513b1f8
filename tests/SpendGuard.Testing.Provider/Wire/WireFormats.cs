using SpendGuard.Testing.Provider.Wire.Anthropic;
using SpendGuard.Testing.Provider.Wire.Gemini;
using SpendGuard.Testing.Provider.Wire.OpenAI;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>Which path speaks which wire format.</summary>
internal static class WireFormats
{
    public static IReadOnlyList<(string Path, IWireFormat Format)> All { get; } =
    [
        ("/v1/chat/completions", new ChatFormat(Vendor.OpenAI)),
        ("/v1/responses", new ResponsesFormat(Vendor.OpenAI)),
        ("/v1/responses/input_tokens", new ResponsesCountFormat()),
        ("/v1/embeddings", new EmbeddingsFormat()),
        ("/v1/images/generations", new ImagesFormat()),
        ("/grok-upstream/v1/chat/completions", new ChatFormat(Vendor.Grok)),
        ("/grok-upstream/v1/responses", new ResponsesFormat(Vendor.Grok)),
        ("/compatible/v1/chat/completions", new ChatFormat(Vendor.Compatible)),
        ("/compatible/v1/responses", new ResponsesFormat(Vendor.Compatible)),
        ("/v1/messages", new MessagesFormat()),
        ("/v1/messages/count_tokens", new MessageCountFormat()),
        ("/v1beta/models/{model}:generateContent", new GeminiFormat(stream: false)),
        ("/v1beta/models/{model}:streamGenerateContent", new GeminiFormat(stream: true)),
        ("/v1beta/models/{model}:countTokens", new GeminiCountFormat()),
        ("/v1beta/models/{model}:embedContent", new GeminiEmbeddingsFormat(isBatch: false)),
        ("/v1beta/models/{model}:batchEmbedContents", new GeminiEmbeddingsFormat(isBatch: true)),
        ("/v1beta/openai/chat/completions", new ChatFormat(Vendor.Google)),
        ("/v1beta/openai/embeddings", new EmbeddingsFormat()),
    ];

    public static IWireFormat For(string path) => All.Single(route => Matches(route.Path, path)).Format;

    private static bool Matches(string pattern, string path) =>
        pattern == path || (pattern.Contains("{model}", StringComparison.Ordinal) && path.EndsWith(pattern[pattern.IndexOf(':', StringComparison.Ordinal)..], StringComparison.Ordinal));
}
