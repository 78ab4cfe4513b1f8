using System.ClientModel.Primitives;
using System.Text.Json;

namespace SpendGuard.Extensions.AI;

/// <summary>An object of the OpenAI SDK that its adapter sends in place of the message or content that carries it.</summary>
/// <remarks>Answers carry such objects, and bring them along when they go back to the model with the next question.</remarks>
internal static class RawInput
{
    /// <summary>The parts that are nothing but text; all others may cost more than their size tells.</summary>
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text",
        "message", "reasoning", "function", "function_call", "function_call_output",
    };

    /// <summary>The JSON that is sent for a message; null when the message has nothing but what it says itself.</summary>
    public static JsonDocument? OfMessage(object? raw) => Write(raw) is { } json && json.RootElement.TryGetProperty("role", out _) ? json : null;

    /// <summary>The JSON that is sent for a content; null when the content has nothing but what it says itself.</summary>
    public static JsonDocument? OfContent(object? raw) => Write(raw);

    /// <summary>Whether all of it is text.</summary>
    public static bool IsText(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().All(member => member.NameEquals("type")
            ? member.Value.ValueKind == JsonValueKind.String && Texts.Contains(member.Value.GetString()!)
            : IsText(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().All(IsText),
        _ => true,
    };

    private static JsonDocument? Write(object? raw) => raw is IPersistableModel<object> model
        && JsonDocument.Parse(model.Write(ModelReaderWriterOptions.Json)) is { RootElement.ValueKind: JsonValueKind.Object } json
            ? json
            : null;
}
