using System.Text.Json;
using SpendGuard.Conversations;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The contents of a call to Gemini, to tell calls apart.</summary>
internal static class GeminiConversation
{
    public static IReadOnlyList<ConversationMessage> Of(JsonElement body) =>
    [
        .. body.FindObjectField("systemInstruction") is { } system ? [new ConversationMessage(isModels: false, PartsOf(system))] : (ConversationMessage[])[],
        .. body.FindItems("contents").Select(content => new ConversationMessage(content.FindTextField("role") == "model", PartsOf(content))),
    ];

    private static IEnumerable<ConversationPart> PartsOf(JsonElement content) => content.FindItems("parts").SelectMany(Read);

    private static IEnumerable<ConversationPart> Read(JsonElement part)
    {
        // What the model has thought differs each time.
        if (part.FindField("thought") is { ValueKind: JsonValueKind.True })
        {
            yield break;
        }

        foreach (var field in part.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            switch (ProtoNames.Plain(field.Name))
            {
                case "text":
                    yield return ConversationPart.Said(field.Value.TextOrNull());
                    break;
                case "functioncall":
                    yield return ConversationPart.ToolCall(field.Value.FindField("name")?.TextOrNull(), field.Value.FindField("args"));
                    break;
                case "functionresponse":
                    yield return ConversationPart.ToolResult(field.Value.FindField("name")?.TextOrNull());
                    yield return ConversationPart.Other(field.Value, "id", "name");
                    break;
                case "thought" or "thoughtsignature":
                    break;
                default:
                    yield return ConversationPart.Other(field.Value);
                    break;
            }
        }
    }
}
