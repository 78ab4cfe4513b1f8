using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>A connector that loops over tools by itself, as a chat client that makes one call to the model for each call to it.</summary>
/// <remarks>
/// Semantic Kernel's adapter asks the connector for tool calls without having it invoke them, and without a kernel to do so. It loses
/// the instructions of the options on the way; they are handed on here as a message.
/// </remarks>
internal sealed class ConnectorChatClient(IChatCompletionService connector, string provider) : IChatClient
{
    private readonly IChatClient _adapter = connector.AsChatClient();

    private readonly ChatClientMetadata _metadata = new(
        provider, connector.GetEndpoint() is { } endpoint ? new Uri(endpoint) : null, connector.GetModelId());

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ForTools(options).GetResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ForTools(options).GetStreamingResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : _adapter.GetService(serviceType, serviceKey);

    public void Dispose() => _adapter.Dispose();

    private IChatClient ForTools(ChatOptions? options) =>
        new WholeToolCalls(new ConnectorNames(connector, new ToolNames(options))).AsChatClient();

    private static IEnumerable<ChatMessage> WithInstructions(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        options?.Instructions is { } instructions ? [new ChatMessage(ChatRole.System, instructions), .. messages] : messages;
}
