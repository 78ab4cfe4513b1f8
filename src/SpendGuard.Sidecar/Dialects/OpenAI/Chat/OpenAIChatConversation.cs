using System.Text.Json;
using SpendGuard.Conversations;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>The messages of a chat completion, to tell calls apart.</summary>
internal static class OpenAIChatConversation
{
    public static IReadOnlyList<ConversationMessage> Of(JsonElement body) =>
        [.. body.ItemsOf("messages").Select(message => new ConversationMessage(message.TextOf("role") == "assistant", PartsOf(message)))];

    private static IEnumerable<ConversationPart> PartsOf(JsonElement message)
    {
        if (message.TextOf("role") is "tool" or "function")
        {
            yield return ConversationPart.ToolResult();
        }

        foreach (var part in ConversationFields.PartsOf(message.Find("content"), OpenAIParts.Of))
        {
            yield return part;
        }

        foreach (var call in message.ItemsOf("tool_calls"))
        {
            var asked = call.Find("function") ?? call.Find("custom") ?? call;
            yield return ConversationPart.ToolCall(asked.TextOf("name"), asked.Find("arguments") ?? asked.Find("input"));
        }

        if (message.Find("function_call") is { } function)
        {
            yield return ConversationPart.ToolCall(function.TextOf("name"), function.Find("arguments"));
        }
    }
}
