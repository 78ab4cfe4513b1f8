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
    private readonly ChatClientMetadata _metadata = new(
        provider, connector.GetEndpoint() is { } endpoint ? new Uri(endpoint) : null, connector.GetModelId());

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
