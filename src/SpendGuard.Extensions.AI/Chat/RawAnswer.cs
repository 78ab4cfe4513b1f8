using System.ClientModel.Primitives;
using System.Text.Json;

namespace SpendGuard.Extensions.AI;

/// <summary>The JSON that an answer of a provider's SDK came from. It has fields that the SDK and its adapter do not hand on.</summary>
internal static class RawAnswer
{
    /// <summary>The JSON; null for an object that does not give it.</summary>
    public static JsonDocument? Read(object? raw) => raw switch
    {
        IPersistableModel<object> model => Parse(model.Write(ModelReaderWriterOptions.Json).ToString()),

        // The models of the Anthropic SDK print themselves as the JSON that they came from; anything else is no usage, at worst.
        not null when raw.GetType().Namespace?.StartsWith("Anthropic.Models", StringComparison.Ordinal) == true => Parse(raw.ToString()),
        _ => null,
    };

    private static JsonDocument? Parse(string? json)
    {
        try
        {
            var document = JsonDocument.Parse(json ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
