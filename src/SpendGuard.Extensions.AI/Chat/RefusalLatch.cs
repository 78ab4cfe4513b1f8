using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Ends a tool loop in which a budget has refused a call.</summary>
/// <remarks>
/// Function invocation turns what a tool throws, such as the refusal of an agent used as a tool, into the text of a failed result and
/// asks the model again, as if nothing had happened. The exception stays on the result, so the next call of the loop finds it here.
/// Results before the model's last answer are left alone: the conversation may go on after a top-up.
/// </remarks>
internal static class RefusalLatch
{
    public static void ThrowIfSet(IReadOnlyList<ChatMessage> conversation)
    {
        for (var i = conversation.Count - 1; i >= 0 && conversation[i].Role == ChatRole.Tool; i--)
        {
            foreach (var content in conversation[i].Contents)
            {
                if (content is FunctionResultContent { Exception: { } exception } && Refusal(exception) is { } refusal)
                {
                    throw refusal;
                }
            }
        }
    }

    private static SpendGuardException? Refusal(Exception exception) => exception switch
    {
        SpendGuardException refusal => refusal,
        AggregateException many => many.InnerExceptions.Select(Refusal).FirstOrDefault(refusal => refusal is not null),
        { InnerException: { } inner } => Refusal(inner),
        _ => null,
    };
}
