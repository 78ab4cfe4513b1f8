using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>Hands a connector's streamed tool calls on when they are whole.</summary>
/// <remarks>Semantic Kernel's adapter to chat clients takes each piece of a call for a whole one, and fails on its half JSON.</remarks>
internal sealed class WholeToolCalls(IChatCompletionService connector) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes => connector.Attributes;

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) =>
        connector.GetChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var calls = new SortedDictionary<int, StreamingFunctionCallUpdateContent>();
        StreamingChatMessageContent? last = null;
        await foreach (var update in connector.GetStreamingChatMessageContentsAsync(
            chatHistory, executionSettings, kernel, cancellationToken))
        {
            foreach (var piece in update.Items.OfType<StreamingFunctionCallUpdateContent>().ToList())
            {
                update.Items.Remove(piece);
                calls[piece.FunctionCallIndex] = calls.TryGetValue(piece.FunctionCallIndex, out var begun) ? Join(begun, piece) : piece;
            }

            if (last is not null)
            {
                yield return last;
            }

            last = update;
        }

        if (last is not null)
        {
            // With the last update, because it is the one that brings the usage.
            foreach (var call in calls.Values)
            {
                last.Items.Add(call);
            }

            yield return last;
        }
    }

    private static StreamingFunctionCallUpdateContent Join(
        StreamingFunctionCallUpdateContent begun, StreamingFunctionCallUpdateContent more) => new(
            begun.CallId ?? more.CallId, begun.Name ?? more.Name, begun.Arguments + more.Arguments, begun.FunctionCallIndex);
}
