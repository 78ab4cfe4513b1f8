using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>An adapter that no SDK stands behind: it tells what a test has it tell, and then breaks or stands still if it is told to.</summary>
internal sealed class ShapedClient(string provider, string model, bool breaks, params ChatResponseUpdate[] updates) : IChatClient
{
    /// <summary>What it does before it tells anything.</summary>
    public Func<Task> Before { get; init; } = () => Task.CompletedTask;

    /// <summary>What it waits for after it has told all, whatever its token says.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(updates.ToChatResponse());

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Before();
        foreach (var update in updates)
        {
            await Task.Yield();
            yield return update;
        }

        await After;
        if (breaks)
        {
            throw new IOException("The connection is cut here.");
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(provider, defaultModelId: model) : null;

    public void Dispose()
    {
    }
}
