using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using SpendGuard.Providers;

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

    /// <summary>What it sends beside the options is looked at above the guard.</summary>
    private readonly ClientAdapter _known = ClientAdapter.Of(provider, assembly: null) with { SendsOnlyWhatItKnows = true, UsesHttp = true };

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ForTools(options).GetResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ForTools(options).GetStreamingResponseAsync(WithInstructions(messages, options), options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType == typeof(ClientAdapter) ? _known
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(connector) ? connector
        : null;

    public void Dispose() => _adapter.Dispose();

    private IChatClient ForTools(ChatOptions? options) =>
        new WholeToolCalls(new ConnectorNames(connector, new ToolNames(options))).AsChatClient();

    private static IEnumerable<ChatMessage> WithInstructions(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        options?.Instructions is { } instructions ? [new ChatMessage(ChatRole.System, instructions), .. messages] : messages;
}
