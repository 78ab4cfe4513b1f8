using System.Text.Json;
using SpendGuard.Conversations;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>The items of a response's input, to tell calls apart.</summary>
internal static class OpenAIResponsesConversation
{
    /// <summary>The conversation; null where OpenAI keeps a part of it: what the model has said last is not in the request.</summary>
    public static IReadOnlyList<ConversationMessage>? Of(JsonElement body) => body.Find("previous_response_id") is not null || body.Find("conversation") is not null ? null :
    [
        .. MessagesOf(body.Find("instructions")),
        .. MessagesOf(body.Find("input")),
    ];

    private static IEnumerable<ConversationMessage> MessagesOf(JsonElement? input) => input switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } items => items.EnumerateArray().Select(item => new ConversationMessage(IsModels(item), PartsOf(item))),
        { } text => [new ConversationMessage(isModels: false, ConversationFields.PartsOf(text, OpenAIParts.Of))],
    };

    private static bool IsModels(JsonElement item) => item.TextOf("role") is { } role
        ? role == "assistant"
        : item.TextOf("type") is not { } type || !(type.EndsWith("_output", StringComparison.Ordinal) || type.EndsWith("_response", StringComparison.Ordinal));

    private static IEnumerable<ConversationPart> PartsOf(JsonElement item) => item.TextOf("type") switch
    {
        null or "message" when item.Find("role") is not null => ConversationFields.PartsOf(item.Find("content"), OpenAIParts.Of),
        "function_call" => [ConversationPart.ToolCall(item.TextOf("name"), item.Find("arguments"))],
        "custom_tool_call" => [ConversationPart.ToolCall(item.TextOf("name"), item.Find("input"))],
        "function_call_output" or "custom_tool_call_output" => ConversationFields.PartsOf(item.Find("output"), OpenAIParts.Of).Prepend(ConversationPart.ToolResult()),
        "reasoning" or "compaction" => [],
        null or "item_reference" => item.TextOf("id")?.StartsWith("rs_", StringComparison.Ordinal) == true ? [] : [ConversationPart.Unseen],
        _ => [ConversationPart.Other(item, "id", "call_id", "approval_request_id", "status")],
    };
}
