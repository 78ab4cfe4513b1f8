using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Forms;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>An Anthropic message as the run route gives it: the text, the message itself, and what it cost.</summary>
internal sealed class AnthropicRunForm : RunForm
{
    public static AnthropicRunForm Instance { get; } = new();

    protected override void Write(Utf8JsonWriter writer, Call call, JsonElement answer, Settlement settlement)
    {
        writer.WriteString("completion", Completion(answer));
        writer.WritePropertyName("raw");

        // As it came: a writer refuses halves of surrogate pairs, which a model may well write.
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(answer), skipInputValidation: true);
        WriteUsage(writer, settlement);
        BillingBreakdown.Write(writer, call.Model, settlement.Bill, settlement.Charged);
    }

    private static string Completion(JsonElement answer) => answer.Find("content") is { ValueKind: JsonValueKind.Array } blocks
        ? string.Concat(blocks.EnumerateArray().Select(block => block.Find("type")?.TextOrNull() == "text" ? block.Find("text")?.TextOrNull() : null))
        : "";
}
