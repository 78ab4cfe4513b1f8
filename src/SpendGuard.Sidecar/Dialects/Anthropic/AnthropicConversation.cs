using System.Text.Json;
using SpendGuard.Conversations;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The messages of a call to Anthropic, to tell calls apart.</summary>
internal static class AnthropicConversation
{
    public static IReadOnlyList<ConversationMessage> Of(JsonElement body) =>
    [
        new ConversationMessage(isModels: false, ConversationFields.PartsOf(body.Find("system"), PartsOf)),
        .. body.ItemsOf("messages").Select(message => new ConversationMessage(
            message.TextOf("role") == "assistant", ConversationFields.PartsOf(message.Find("content"), PartsOf))),
    ];

    private static IEnumerable<ConversationPart> PartsOf(JsonElement block) => block.TextOf("type") switch
    {
        "text" => [ConversationPart.Said(block.TextOf("text"))],
        "thinking" or "redacted_thinking" => [],
        "tool_use" or "server_tool_use" => [ConversationPart.ToolCall(block.TextOf("name"), block.Find("input"))],
        "tool_result" => ConversationFields.PartsOf(block.Find("content"), PartsOf).Prepend(ConversationPart.ToolResult()),

        // The mark for the cache goes from one block to the next.
        _ => [ConversationPart.Other(block, "id", "tool_use_id", "cache_control")],
    };
}
