using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Images;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>A way through the sidecar.</summary>
/// <param name="Provider">Who bills.</param>
/// <param name="Dialect">The wire format.</param>
/// <param name="Path">The path at the sidecar.</param>
/// <param name="ProviderPath">The path at the simulated provider.</param>
internal sealed record Route(string Provider, IDialect Dialect, string Path, string ProviderPath)
{
    /// <summary>The model where the path names it.</summary>
    public string? Model { get; init; }
}

internal static class Routes
{
    public static Route Chat { get; } = new("openai", new OpenAIChatDialect(OutputLimit.None), "/v1/chat/completions", "/v1/chat/completions");

    public static Route Responses { get; } = new("openai", new OpenAIResponsesDialect(OutputLimit.None), "/v1/responses", "/v1/responses");

    public static Route Images { get; } = new("openai", new OpenAIImagesDialect(), "/v1/images/generations", "/v1/images/generations");

    public static Route Embeddings { get; } = new("openai", new OpenAIEmbeddingsDialect(), "/v1/embeddings", "/v1/embeddings");

    public static Route Anthropic { get; } = new("anthropic", new AnthropicMessagesDialect(), "/v1/messages", "/v1/messages");

    public static Route GrokChat { get; } =
        new("grok", new OpenAIChatDialect(OutputLimit.None), "/grok/v1/chat/completions", "/grok-upstream/v1/chat/completions");

    public static Route GrokResponses { get; } =
        new("grok", new OpenAIResponsesDialect(OutputLimit.None), "/grok/v1/responses", "/grok-upstream/v1/responses");

    /// <summary>Gemini's models in OpenAI's format.</summary>
    public static Route GeminiChat { get; } =
        new("gemini", new OpenAIChatDialect(OutputLimit.None), "/v1beta/openai/chat/completions", "/v1beta/openai/chat/completions");

    public static Route GeminiEmbeddings(string model, bool isBatch)
    {
        var path = $"/v1beta/models/{model}:{(isBatch ? "batchEmbedContents" : "embedContent")}";
        return new("gemini", new GeminiEmbeddingsDialect(isBatch), path, path) { Model = model };
    }

    public static Route Gemini(string model) =>
        new("gemini", new GeminiDialect(), $"/v1beta/models/{model}:generateContent", $"/v1beta/models/{model}:generateContent") { Model = model };
}
