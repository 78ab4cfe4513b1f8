using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads the events of a chat completion: usage comes in a chunk of its own, without choices, just before the end.</summary>
internal sealed class OpenAIChatEvents(bool clientAskedForUsage) : IEventReader
{
    public ServedCall Served { get; private set; } = new(Usage: null, Model: null, Tier: null);

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return EventFate.PassAfterSettling;
        }

        // Most chunks say nothing of the cost; the first tells the model.
        if (Served.Model is not null && data.IndexOf("\"usage\""u8) < 0)
        {
            return EventFate.Pass;
        }

        using var chunk = EventJson.TryParse(data);
        if (chunk is null)
        {
            return EventFate.Pass;
        }

        var served = OpenAIRequest.Served(chunk.RootElement);
        Served = new ServedCall(served.Usage ?? Served.Usage, served.Model ?? Served.Model, served.Tier ?? Served.Tier);
        return served.Usage is not null && !clientAskedForUsage && HasNoChoices(chunk.RootElement) ? EventFate.Withhold : EventFate.Pass;
    }

    private static bool HasNoChoices(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() == 0;
}
