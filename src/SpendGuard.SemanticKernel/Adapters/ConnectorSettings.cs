using Microsoft.Extensions.AI;
using SpendGuard.SemanticKernel.Providers;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>Above the guard of a connector: refuses settings that would raise the cost past the cap, or would be lost, before anything is held.</summary>
internal sealed class ConnectorSettings(IChatClient guarded) : DelegatingChatClient(guarded)
{
    /// <summary>Settings that a connector hands to the provider and that do not move the cost of a call.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "user", "metadata", "logprobs", "top_logprobs", "store", "token_selection_biases",
    };

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private static void Check(ChatOptions? options)
    {
        if (options?.AdditionalProperties?.Keys.FirstOrDefault(setting => !Harmless.Contains(setting)) is { } unknown)
        {
            throw new UnboundedCostException(
                unknown,
                "A chat completion connector hands it to the provider, and it may raise the cost of a call past its cap.",
                "Leave it out of the execution settings; for tools, use FunctionChoiceBehavior.");
        }

        if (options?.Reasoning is not null)
        {
            throw new NotSupportedException(
                "The reasoning effort of the execution settings does not reach a chat completion connector under a budget. Register the"
                + $" provider's IChatClient in its place, as {Connectors.AddChatClient} does.");
        }
    }
}
