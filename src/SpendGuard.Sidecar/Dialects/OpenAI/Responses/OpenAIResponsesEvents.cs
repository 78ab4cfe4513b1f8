using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>Relays the events of a response: the client waits for the last, which has the whole response.</summary>
internal sealed class OpenAIResponsesEvents(string provider) : IEventReader
{
    private readonly OpenAIResponsesReader _reader = new(Vendor.Of(provider));

    public ProviderReport Report => _reader.Report;

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        // Only the first events and the last have a response in them.
        if (data.IndexOf("\"response\""u8) >= 0 || AnswerJson.EscapesLetters(data))
        {
            using var document = AnswerJson.TryParseObject(data);
            if (document is not null)
            {
                _reader.ReadEvent(document.RootElement);
            }
        }

        return IEventReader.FateOf(_reader);
    }
}
