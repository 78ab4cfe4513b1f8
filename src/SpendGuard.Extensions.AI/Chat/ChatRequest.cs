using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A private copy of the messages and options of a chat call.</summary>
internal sealed class ChatRequest
{
    private readonly ChatOptions _options;

    /// <summary>Copies what a caller asks for. Messages are enumerated once.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="keepsUnknownRaws">Whether the adapter may send objects of SDKs that are not known.</param>
    public ChatRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, bool keepsUnknownRaws)
    {
        var contents = new ContentCopy(keepsUnknownRaws);
        Messages = [.. messages.Select(message => Copy(message, contents))];
        _options = new CopiedOptions(options);
        Agent = CarriedAgent.Take(_options);
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public ChatOptions Options => _options;

    /// <summary>The agent that the options carried, which the copy does not; null where they carried none.</summary>
    public AgentId? Agent { get; }

    /// <summary>The options with the cap that was granted.</summary>
    /// <param name="outputCap">The cap, in tokens.</param>
    /// <param name="raw">Makes the provider's own options that the adapter starts from; null for none.</param>
    public ChatOptions Capped(long outputCap, Func<long, object?>? raw)
    {
        _options.MaxOutputTokens = (int)Math.Min(outputCap, int.MaxValue);
        _options.RawRepresentationFactory ??= raw is null ? null : _ => raw(outputCap);
        return _options;
    }

    private static ChatMessage Copy(ChatMessage message, ContentCopy contents)
    {
        var copy = message.Clone();
        copy.Contents = contents.Of(message.Contents);
        copy.AdditionalProperties = message.AdditionalProperties?.Clone();
        copy.RawRepresentation = contents.Raw(message.RawRepresentation);
        return copy;
    }

    /// <summary>By the abstractions' own way to copy, which no class of the caller's has a part in.</summary>
    private sealed class CopiedOptions : ChatOptions
    {
        public CopiedOptions(ChatOptions? options)
            : base(options)
        {
            if (Tools is { Count: > 0 } tools)
            {
                Tools = [.. tools.Select(FrozenTools.Of)];
            }
        }
    }
}
