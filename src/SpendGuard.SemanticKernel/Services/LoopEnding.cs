using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Between function invocation and the guard: turns a refusal inside of a tool loop into the answer that ends the loop.</summary>
/// <remarks>
/// As an exception, a refusal would take along what the loop has done so far. The answer says why it ended and what remains, and calls
/// no function, so that function invocation hands it on. A first call that is refused has nothing to end and throws.
/// </remarks>
internal sealed class LoopEnding(IChatClient guarded) : DelegatingChatClient(guarded)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var conversation = messages as IList<ChatMessage> ?? [.. messages];
        try
        {
            return await base.GetResponseAsync(conversation, options, cancellationToken);
        }
        catch (BudgetRefusedException refusal) when (IsInLoop(conversation))
        {
            return RefusalAnswer.Of(refusal);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IList<ChatMessage> ?? [.. messages];
        await using var updates = base.GetStreamingResponseAsync(conversation, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            BudgetRefusedException? refused = null;
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (BudgetRefusedException refusal) when (IsInLoop(conversation))
            {
                refused = refusal;
            }

            if (refused is not null)
            {
                foreach (var update in RefusalAnswer.Of(refused).ToChatResponseUpdates())
                {
                    yield return update;
                }

                yield break;
            }

            yield return updates.Current;
        }
    }

    private static bool IsInLoop(IList<ChatMessage> conversation) => conversation is [.., { Role: var last }] && last == ChatRole.Tool;
}
