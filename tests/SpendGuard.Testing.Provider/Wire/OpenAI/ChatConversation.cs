using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>What a model makes out of the messages of a chat completion.</summary>
internal static class ChatConversation
{
    public static SimulatedConversation Read(JsonObject body)
    {
        var messages = body["messages"].Objects().ToList();
        return new()
        {
            Tools =
            [
                .. from tool in body["tools"].Objects()
                   let function = tool["function"] as JsonObject
                   where function?["name"].Text() is not null
                   select new SimulatedTool(function["name"].Text()!, function["parameters"] as JsonObject ?? []),
            ],
            ToolTurns = messages.Count(message => message["tool_calls"].Objects().Any()),
            ToolResults = [.. Of("tool")],
            Said = string.Join('\n', Of("user")),
            AnswerSchema = ((body["response_format"] as JsonObject)?["json_schema"] as JsonObject)?["schema"] as JsonObject,
            AllowsParallelCalls = OpenAIRequest.AllowsParallelCalls(body),
        };

        IEnumerable<string> Of(string role) =>
            messages.Where(message => message["role"].Text() == role).Select(message => Spoken.Of(message["content"]));
    }
}
