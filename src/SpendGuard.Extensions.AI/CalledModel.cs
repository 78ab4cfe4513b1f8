using Microsoft.Extensions.AI;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Tells who bills for a call, and for which model.</summary>
internal static class CalledModel
{
    public static ModelKey Of(ChatClientMetadata? metadata, ChatOptions? options, string? provider, string? model) => new(
        provider ?? Provider(metadata) ?? throw new UnboundedCostException(
            "an unnamed provider",
            "The inner client's metadata does not say who bills for the call.",
            "Set SpendGuardChatClient.Provider in UseSpendGuard's configure."),
        model ?? Name(options?.ModelId) ?? Name(metadata?.DefaultModelId) ?? throw new UnboundedCostException(
            "an unnamed model",
            "Neither the options nor the inner client's metadata say which model is called.",
            "Set ChatOptions.ModelId, or SpendGuardChatClient.Model in UseSpendGuard's configure."));

    /// <summary>The OpenAI adapter calls itself openai whatever it talks to; the host tells more.</summary>
    private static string? Provider(ChatClientMetadata? metadata) => metadata?.ProviderName switch
    {
        "openai" => metadata.ProviderUri?.Host switch
        {
            { } host when IsOrUnder(host, "x.ai") => "grok",
            { } host when IsOrUnder(host, "azure.com") || IsOrUnder(host, "azure.us") => "azure",
            _ => "openai",
        },
        "gcp.gen_ai" or "google" or "gcp.gemini" => "gemini",
        "xai" => "grok",
        { Length: > 0 } name => name,
        _ => null,
    };

    private static bool IsOrUnder(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static string? Name(string? model) => string.IsNullOrWhiteSpace(model) ? null : model;
}
