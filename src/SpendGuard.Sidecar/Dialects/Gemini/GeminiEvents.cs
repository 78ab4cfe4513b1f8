using SpendGuard.Billing;
using SpendGuard.Providers.Gemini;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Relays the chunks of a streamed answer. Nothing in them says which is the last: the call is settled when the stream has ended.</summary>
internal sealed class GeminiEvents : IEventReader
{
    private readonly GeminiReader _reader = new();

    public ProviderReport Report => _reader.Report;

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        using var chunk = AnswerJson.TryParseObject(data);
        if (chunk is not null)
        {
            _reader.ReadEvent(chunk.RootElement);
        }

        return EventFate.Pass;
    }
}
