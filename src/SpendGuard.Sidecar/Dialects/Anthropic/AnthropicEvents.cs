using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>
/// Reads the events of a message. The first tells the input and a placeholder for the output; later ones tell all so far.
/// Before the one that tells why the message has stopped, its cost is unknown.
/// </summary>
internal sealed class AnthropicEvents(bool longCacheWrites, string? pricedRegion = null) : IEventReader
{
    /// <summary>Far beyond any real count; more is not read as one.</summary>
    private const long MostTokens = 1L << 48;

    private readonly List<JsonElement> _reports = [];
    private string? _model;
    private bool _started;
    private bool _toldAll;
    private bool _failed;

    public ProviderReport Report => new()
    {
        Usage = _started && _toldAll && !_failed ? AnthropicUsage.Read(_reports, longCacheWrites) : null,
        Model = _model,
        ServiceTier = AnthropicTier.Read(_reports, pricedRegion),
    };

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
                _reports.Clear();
                _started = Take(message) is { } start && AnthropicUsage.Read(start) is not null;
                _toldAll = false;
                return EventFate.Pass;
            case "message_delta":
                // Only the last tells all of the output. Without its count, that of an earlier one or the placeholder would be charged.
                _toldAll = Take(next) is { } usage && TellsOutput(usage) && next.Find("delta")?.Find("stop_reason") is not null;
                return EventFate.Pass;
            case "message_stop":
                return EventFate.PassAfterSettling;
            case "error":
                _failed = true;
                return EventFate.PassAfterSettling;
            default:
                return EventFate.Pass;
        }
    }

    private JsonElement? Take(JsonElement parent)
    {
        if (AnthropicAnswer.Usage(parent) is not { } usage)
        {
            return null;
        }

        _reports.Add(usage.Clone());
        return _reports[^1];
    }

    private static bool TellsOutput(JsonElement usage) =>
        usage.Find("output_tokens") is { ValueKind: JsonValueKind.Number } told
        && told.TryGetInt64(out var count)
        && count is >= 0 and <= MostTokens;
}
