using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>Relays the events of a chat completion. The chunk with the usage is kept from a client that did not ask for it.</summary>
internal sealed class OpenAIChatEvents(string provider, bool clientAskedForUsage, int choices = 1) : IEventReader
{
    private readonly OpenAIChatReader _reader = new(Vendor.Of(provider), choices);

    public ProviderReport Report => _reader.Report;

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _reader.EndStream();
            return IEventReader.FateOf(_reader);
        }

        using var chunk = AnswerJson.TryParseObject(data);
        if (chunk is null)
        {
            return IEventReader.FateOf(_reader);
        }

        _reader.ReadEvent(chunk.RootElement);

        // One that cannot be read is not what was asked for in the client's place.
        var isUsage = chunk.RootElement.Find("usage") is not null
            && chunk.RootElement.Find("choices") is { } choices
            && !(choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0);
        return isUsage && !clientAskedForUsage && _reader.Report.Usage is not null && !_reader.Ended ? EventFate.Withhold : IEventReader.FateOf(_reader);
    }
}
