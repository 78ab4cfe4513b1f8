using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Conversations;

/// <summary>One message of a conversation, as far as it tells calls apart.</summary>
/// <param name="isModels">Whether the model has said it.</param>
/// <param name="parts">What is in it. Gone through once at most, and only where it is part of the conversation's end.</param>
[Experimental(ApiTier.Adapters)]
public sealed class ConversationMessage(bool isModels, IEnumerable<ConversationPart> parts)
{
    internal bool IsModels { get; } = isModels;

    internal IEnumerable<ConversationPart> Parts { get; } = parts;
}
