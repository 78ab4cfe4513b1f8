using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

internal static class EventJson
{
    /// <summary>The JSON object of an event; null when its data is none, or has names in it that are no text.</summary>
    public static JsonDocument? TryParse(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var document)
                && document.RootElement.ValueKind == JsonValueKind.Object
                && JsonText.HasReadableNames(document)
                ? document
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
