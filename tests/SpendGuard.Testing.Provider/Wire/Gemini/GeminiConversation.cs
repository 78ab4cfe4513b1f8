using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>What a model makes out of the contents of a Gemini request.</summary>
internal static class GeminiConversation
{
    public static SimulatedConversation Read(JsonObject body)
    {
        var contents = body["contents"].Objects().ToList();
        var config = GeminiRequest.Config(body);
        return new()
        {
            Tools =
            [
                .. from function in GeminiRequest.Functions(body)
                   where function["name"].Text() is not null
                   select new SimulatedTool(
                       function["name"].Text()!, (function["parametersJsonSchema"] ?? function["parameters"]) as JsonObject ?? []),
            ],
            ToolTurns = contents.Count(content => content["parts"].Objects().Any(part => GeminiRequest.Either(part, "functionCall", "function_call") is not null)),
            ToolResults = [.. contents.SelectMany(content => content["parts"].Objects()).Where(GeminiRequest.IsToolResult).Select(Result)],
            Said = string.Join('\n', contents.Where(content => content["role"].Text() is null or "user").Select(content => Spoken.Of(content["parts"]))),
            AnswerSchema = (GeminiRequest.Either(config, "responseJsonSchema", "response_json_schema") ?? GeminiRequest.Either(config, "responseSchema", "response_schema")) as JsonObject,
            WantsThoughts = WantsThoughts(body),
        };
    }

    public static bool WantsThoughts(JsonObject body) =>
        GeminiRequest.Either(GeminiRequest.Config(body), "thinkingConfig", "thinking_config") is JsonObject thinking
        && GeminiRequest.Either(thinking, "includeThoughts", "include_thoughts").IsTrue();

    private static string Result(JsonObject part) => CompactJson.Write(GeminiRequest.Either(part, "functionResponse", "function_response")!);
}
