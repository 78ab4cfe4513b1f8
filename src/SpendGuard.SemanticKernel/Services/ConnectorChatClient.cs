using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>A connector that loops over tools by itself, as a chat client that makes one call to the model for each call to it.</summary>
/// <remarks>
/// Semantic Kernel's adapter asks the connector for tool calls without having it invoke them, and without a kernel to do so. It loses
/// the instructions of the options on the way; they are handed on here as a message.
/// </remarks>
internal sealed class ConnectorChatClient(IChatCompletionService connector, string provider)
    : DelegatingChatClient(new WholeToolCalls(connector).AsChatClient())
{
    /// <summary>Connectors that are known to keep the output cap, and to tell the usage of each call, with who bills for them.</summary>
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["Microsoft.SemanticKernel.Connectors.OpenAI.OpenAIChatCompletionService"] = "openai",
    };

    private readonly ChatClientMetadata _metadata = new(
        provider, connector.GetEndpoint() is { } endpoint ? new Uri(endpoint) : null, connector.GetModelId());

    /// <summary>Who bills for a connector's calls; null when nothing is known of the connector.</summary>
    public static string? ProviderOf(IChatCompletionService connector) =>
        Providers.GetValueOrDefault(connector.GetType().FullName ?? "");

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);

    private static IEnumerable<ChatMessage> WithInstructions(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        options?.Instructions is { } instructions ? [new ChatMessage(ChatRole.System, instructions), .. messages] : messages;
}
