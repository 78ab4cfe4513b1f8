using System.Text.Json;
using SpendGuard.Conversations;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads messages to tell calls apart. What is of another type than it should be tells them apart too, and is no reason to refuse.</summary>
internal static class ConversationFields
{
    /// <summary>The items of a list; none where it is no list.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static string? TextOf(this JsonElement parent, string name) => parent.Find(name)?.TextOrNull();

    /// <summary>What is a text, or a list of parts.</summary>
    public static IEnumerable<ConversationPart> PartsOf(JsonElement? content, Func<JsonElement, IEnumerable<ConversationPart>> read) => content switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [ConversationPart.Said(text.TextOrNull())],
        { ValueKind: JsonValueKind.Array } parts => parts.EnumerateArray().SelectMany(read),
        { } other => [ConversationPart.Other(other)],
    };
}
