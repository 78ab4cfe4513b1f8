using System.Text.Json;
using SpendGuard.Metering;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>
/// Reads the events of a message. The first tells the input and a placeholder for the output; later ones tell all so far.
/// Before the message has stopped its cost is unknown.
/// </summary>
internal sealed class AnthropicEvents(bool longCacheWrites) : IEventReader
{
    private readonly List<JsonElement> _reports = [];
    private string? _model;
    private string? _tier;
    private bool _toldOutput;
    private bool _stopped;
    private bool _failed;

    public ServedCall Served => new(
        _stopped && _toldOutput && !_failed ? AnthropicUsage.Read(_reports, longCacheWrites) : null, _model, _tier);

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        // Most events are pieces of content.
        if (data.IndexOf("\"message_"u8) < 0 && data.IndexOf("\"error\""u8) < 0)
        {
            return EventFate.Pass;
        }

        using var document = EventJson.TryParse(data);
        return document is null ? EventFate.Pass : Observe(document.RootElement);
    }

    private EventFate Observe(JsonElement next)
    {
        switch (AnthropicAnswer.Text(next, "type"))
        {
            case "message_start" when next.Find("message") is { } message:
                _model = AnthropicAnswer.Text(message, "model");
                Report(message);
                return EventFate.Pass;
            case "message_delta":
                _toldOutput |= Report(next);
                _stopped |= next.Find("delta")?.Find("stop_reason") is not null;
                return EventFate.Pass;
            case "message_stop":
                _stopped = true;
                return EventFate.PassAfterSettling;
            case "error":
                _failed = true;
                return EventFate.PassAfterSettling;
            default:
                return EventFate.Pass;
        }
    }

    private bool Report(JsonElement parent)
    {
        if (AnthropicAnswer.Usage(parent) is not { } usage)
        {
            return false;
        }

        _tier = AnthropicAnswer.Tier(usage) ?? _tier;
        _reports.Add(usage.Clone());
        return true;
    }
}
