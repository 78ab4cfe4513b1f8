using System.ClientModel.Primitives;
using System.Text.Json;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>An object of an SDK that its adapter sends in place of the message or content that carries it.</summary>
/// <remarks>Answers carry such objects, and bring them along when they go back to the model with the next question.</remarks>
internal static class RawInput
{
    /// <summary>The parts that are nothing but text; all others may cost more than their size tells.</summary>
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text",
        "message", "reasoning", "function", "function_call", "function_call_output",
        "thinking", "redacted_thinking", "tool_use", "tool_result", "ephemeral",
    };

    /// <summary>Whether an object is of an SDK that can be looked into.</summary>
    public static bool IsKnown(object raw) => raw is IPersistableModel<object> || VendorSdk.PrintsItself(raw);

    /// <summary>The JSON that an adapter would send for an object; null for one that is known not to be sent.</summary>
    public static string? Write(object raw) => raw switch
    {
        IPersistableModel<object> model => model.Write(ModelReaderWriterOptions.Json).ToString(),
        _ when VendorSdk.IsRequestPart(raw) => raw.ToString(),
        _ => null,
    };

    /// <summary>Whether all of it is text.</summary>
    public static bool IsText(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().All(member => member.NameEquals("type")
            ? member.Value.ValueKind == JsonValueKind.String && Texts.Contains(member.Value.GetString()!)
            : IsText(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().All(IsText),
        _ => true,
    };
}
