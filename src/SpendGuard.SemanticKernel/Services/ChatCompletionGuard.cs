using System.Reflection;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;
using SpendGuard.SemanticKernel.Adapters;
using SpendGuard.SemanticKernel.Providers;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Guards chat completion and text generation services at the seam where they make one call to the model for each call to them.</summary>
internal sealed class ChatCompletionGuard(ChatClientGuard chat, string name)
{
    /// <summary>Guards a service.</summary>
    /// <exception cref="UnguardedServiceException">There is no such seam.</exception>
    public GuardedChatService Guard(object service, bool owned)
    {
        switch (service)
        {
            case GuardedChatService guarded:
                return guarded;
            case IChatCompletionService adapter when AdaptedClient(adapter) is { } client:
                return new GuardedChatService(chat.Guard(client, owned), adapter.Attributes);
            case IChatCompletionService connector when Connectors.ProviderOf(connector.GetType()) is { } provider:
                return new GuardedChatService(
                    chat.Guard(new ConnectorChatClient(connector, provider), owned, provider), connector.Attributes, isConnector: true);
            default:
                throw Refusals.Connector(name, service.GetType());
        }
    }

    /// <summary>The client below Semantic Kernel's own adapter, which does not tell it; null for any other service.</summary>
    private static IChatClient? AdaptedClient(IChatCompletionService service) =>
        service.GetType() is { Name: "ChatClientChatCompletionService" } type && type.Assembly == typeof(IChatCompletionService).Assembly
            ? type.GetField("_chatClient", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(service) as IChatClient
            : null;
}
