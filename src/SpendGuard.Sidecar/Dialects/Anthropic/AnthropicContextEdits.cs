using System.Text.Json;
using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>What a request has the provider edit of its messages before the model reads them.</summary>
internal static class AnthropicContextEdits
{
    /// <summary>More than any text that may stand for what was cleared; which it is is not published.</summary>
    private const int Placeholder = 64;

    private const string Shorter = "It only makes the input shorter.";
    private const string ButPlaceholders = "It only makes the input shorter, but for a placeholder for what is cleared, which is counted.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldTable Amount { get; } = new(Type, new("value", Free, Shorter));

    private static FieldTable ClearThinking { get; } = new(Type, new("keep", Free, Shorter, Amount));

    private static FieldTable ClearToolUses { get; } = new(
        Type,
        new("trigger", Free, Shorter, Amount),
        new("keep", Free, Shorter, Amount),
        new("clear_at_least", Free, Shorter, Amount),
        new("clear_tool_inputs", Free, Shorter),
        new("exclude_tools", Free, Shorter));

    public static FieldTable Management { get; } = new(
        new FieldRule("edits", Bound, "Each by its type.", new FieldKinds(
            "type",
            new("clear_thinking_20251015", Bound, ButPlaceholders, ClearThinking),
            new("clear_tool_uses_20250919", Bound, ButPlaceholders, ClearToolUses),
            new("compact_20260112", Refused, "Compaction runs the model once more on all of the input."))));

    /// <summary>The most tokens that the placeholders of what is cleared may have: one for each block that can be.</summary>
    public static long Placeholders(JsonElement body) =>
        body.Find("context_management") is null
            ? 0
            : Placeholder * body.FindArray("messages").SelectMany(Blocks).LongCount(IsCleared);

    private static IEnumerable<JsonElement> Blocks(JsonElement message) =>
        message.Find("content") is { ValueKind: JsonValueKind.Array } blocks ? blocks.EnumerateArray() : [];

    private static bool IsCleared(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object && block.FindString("type") is not (null or "text" or "image" or "document");
}
