using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Relays the events of a message: the client waits for its stop, or for an error.</summary>
internal sealed class AnthropicEvents(AnthropicMessageReader reader) : IEventReader
{
    public ProviderReport Report => reader.Report;

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        // Most events are pieces of content.
        if (data.IndexOf("\"message_"u8) < 0 && data.IndexOf("\"error\""u8) < 0 && !AnswerJson.EscapesLetters(data))
        {
            if (data.IndexOf("\"content_block_delta\""u8) >= 0)
            {
                reader.SkipEvent();
            }

            return IEventReader.FateOf(reader);
        }

        using var document = AnswerJson.TryParseObject(data);
        if (document is not null)
        {
            reader.ReadEvent(document.RootElement);
        }

        return IEventReader.FateOf(reader);
    }
}
