using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>What a request has the provider edit of its messages before the model reads them.</summary>
internal static class AnthropicContextEdits
{
    /// <summary>More than any text that may stand for what was cleared; which it is is not published.</summary>
    private const int Placeholder = 64;

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
