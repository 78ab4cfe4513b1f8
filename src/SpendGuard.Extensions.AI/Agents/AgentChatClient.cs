using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A chat client for one agent. The client within is shared, so it is not disposed of.</summary>
internal sealed class AgentChatClient(IChatClient inner, ScopedSteps steps) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        steps.Check(options);
        using var scope = steps.Begin();
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        steps.Check(options);
        return steps.StreamAsync(token => InnerClient.GetStreamingResponseAsync(messages, options, token), cancellationToken);
    }

    [SuppressMessage("Usage", "CA2215", Justification = "What is within is shared.")]
    protected override void Dispose(bool disposing)
    {
    }
}
