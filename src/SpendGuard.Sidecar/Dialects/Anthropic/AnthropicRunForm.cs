using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Forms;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>An Anthropic message as the run route gives it: the text, the message itself, and what it cost.</summary>
internal sealed class AnthropicRunForm(IDialect dialect) : RunForm(dialect)
{
    protected override void Write(Utf8JsonWriter writer, JsonElement answer, Settlement settlement)
    {
        writer.WriteString("completion", Completion(answer));
        writer.WritePropertyName("raw");

        // As it came: a writer refuses halves of surrogate pairs, which a model may well write.
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(answer), skipInputValidation: true);
        WriteUsage(writer, settlement);
        WriteBreakdown(writer, settlement);
    }

    private static string Completion(JsonElement answer) => answer.Find("content") is { ValueKind: JsonValueKind.Array } blocks
        ? string.Concat(blocks.EnumerateArray().Select(block => AnthropicAnswer.Text(block, "type") == "text" ? AnthropicAnswer.Text(block, "text") : null))
        : "";

    /// <summary>The lines are rounded up each, the total once: it may be a little less than their sum.</summary>
    private static void WriteBreakdown(Utf8JsonWriter writer, Settlement settlement)
    {
        writer.WriteStartObject("billing_breakdown");
        foreach (var line in settlement.Bill?.Lines ?? [])
        {
            writer.WriteStartObject(Name(line.Category));
            writer.WriteNumber("quantity", line.Quantity);
            writer.WriteNumber("microcents", line.Cost.RoundUp().Microcents);
            writer.WriteEndObject();
        }

        writer.WriteNumber("total_microcents", settlement.Charged.Microcents);
        writer.WriteEndObject();
    }

    private static string Name(UsageCategory category) => JsonNamingPolicy.SnakeCaseLower.ConvertName(category.ToString());
}
