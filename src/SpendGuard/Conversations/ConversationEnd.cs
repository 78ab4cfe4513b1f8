using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Conversations;

/// <summary>The end of a conversation, by which calls are told apart that a run makes again and again.</summary>
/// <remarks>
/// <para>
/// The end is all that was said since the model spoke last, and what it said then: an agent that asks for the same tool and gets the same
/// answer ends alike each time, however long its conversation has grown. Of a turn in which the model calls tools only these calls count, since
/// its words beside them vary. Where the model has not spoken yet, the end is the whole of it, instructions included.
/// </para>
/// <para>
/// Whoever asks for tools in vain has other arguments or other results sooner or later, and so has who waits for something and is told how far
/// it is. Ids of calls, reasoning and signatures tell nothing.
/// </para>
/// </remarks>
[Experimental(ApiTier.Adapters)]
public static class ConversationEnd
{
    /// <summary>The fingerprint of a call; null where its end is empty, or cannot be seen.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="messages">Its messages, with the instructions first.</param>
    public static CallFingerprint? FingerprintOf(ModelKey model, IReadOnlyList<ConversationMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var hash = new FingerprintHash(model.ToString());
        var (start, spoken) = Find(messages);
        var turn = new List<ConversationPart>();
        for (var at = start; at < spoken; at++)
        {
            turn.AddRange(messages[at].Parts);
        }

        var parts = turn.Exists(static part => part.Kind == PartKind.ToolCall) ? turn.Where(static part => part.Kind is PartKind.ToolCall or PartKind.Unseen) : turn;
        var any = false;
        if (!AddAll(parts))
        {
            return null;
        }

        for (var at = spoken; at < messages.Count; at++)
        {
            hash.AddMessage(messages[at].IsModels);
            if (!AddAll(messages[at].Parts))
            {
                return null;
            }
        }

        return any ? hash.End() : null;

        bool AddAll(IEnumerable<ConversationPart> all)
        {
            foreach (var part in all)
            {
                if (part.Kind == PartKind.Unseen)
                {
                    return false;
                }

                hash.Add(part);
                any = true;
            }

            return true;
        }
    }

    /// <summary>Where the model's last turn that was answered begins, and where it ends; both the beginning where there is none.</summary>
    private static (int Start, int Spoken) Find(IReadOnlyList<ConversationMessage> messages)
    {
        var at = messages.Count;
        at = Back(isModels: true);
        at = Back(isModels: false);
        var spoken = at;
        return (Back(isModels: true), spoken);

        int Back(bool isModels)
        {
            var first = at;
            while (first > 0 && messages[first - 1].IsModels == isModels)
            {
                first--;
            }

            return first;
        }
    }
}
