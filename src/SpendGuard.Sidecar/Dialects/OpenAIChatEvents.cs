using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads the events of a chat completion: usage comes in a chunk of its own, without choices, just before the end.</summary>
/// <remarks>xAI has running counts in every chunk. They are the call's only once it has ended.</remarks>
internal sealed class OpenAIChatEvents(bool clientAskedForUsage) : IEventReader
{
    private ServedCall _said = new(Usage: null, Model: null, Tier: null);
    private bool _isWhole;

    public ServedCall Served => _isWhole ? _said : _said with { Usage = null };

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _isWhole = true;
            return EventFate.PassAfterSettling;
        }

        // Most chunks say nothing of the cost; the first tells the model.
        if (_said.Model is not null && data.IndexOf("\"usage\""u8) < 0)
        {
            return EventFate.Pass;
        }

        using var chunk = EventJson.TryParse(data);
        if (chunk is null)
        {
            return EventFate.Pass;
        }

        var served = OpenAIRequest.Served(chunk.RootElement);
        _said = new ServedCall(
            served.Usage ?? _said.Usage,
            served.Model ?? _said.Model,
            served.Tier ?? _said.Tier,
            served.Usage is null ? _said.StatedCost : served.StatedCost);
        if (served.Usage is null || !HasNoChoices(chunk.RootElement))
        {
            return EventFate.Pass;
        }

        _isWhole = true;
        return clientAskedForUsage ? EventFate.Pass : EventFate.Withhold;
    }

    private static bool HasNoChoices(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() == 0;
}
