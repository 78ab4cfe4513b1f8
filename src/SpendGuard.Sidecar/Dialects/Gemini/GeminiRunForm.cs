using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Forms;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>A Gemini answer as the run route gives it: the text of its first candidate and what was counted.</summary>
internal sealed class GeminiRunForm : RunForm
{
    public static GeminiRunForm Instance { get; } = new();

    protected override void Write(Utf8JsonWriter writer, Call call, JsonElement answer, Settlement settlement)
    {
        writer.WriteString("completion", Completion(answer));
        WriteUsage(writer, settlement);
    }

    private static string Completion(JsonElement answer)
    {
        var first = answer.Find("candidates") is { ValueKind: JsonValueKind.Array } candidates ? candidates.EnumerateArray().FirstOrDefault() : default;
        return first.Find("content")?.Find("parts") is { ValueKind: JsonValueKind.Array } parts
            ? string.Concat(parts.EnumerateArray().Where(part => part.Find("thought") is not { ValueKind: JsonValueKind.True }).Select(Text))
            : "";
    }

    private static string? Text(JsonElement part) => part.Find("text")?.TextOrNull();
}
