using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>OpenAI responses.</summary>
internal sealed class ResponsesFormat(Vendor vendor) : IWireFormat
{
    public SimulatedRequest Read(SimulatedRequest request)
    {
        var body = request.Body;
        var model = OpenAIError.RequireModel(body);
        if (body["input"] is null)
        {
            throw new RejectedRequestException(400, "Missing required parameter: 'input'.") { Param = "input" };
        }

        if (vendor is Vendor.OpenAI)
        {
            AdditionalTools.RequireHeader(request);
        }

        return request with
        {
            Model = model,
            MaxOutputTokens = OpenAIError.Cap(body, "max_output_tokens"),
            HostedCalls = HostedCalls(body),
            Stream = body["stream"].IsTrue(),
            Tools = [.. body["tools"].Objects().Select(tool => tool["name"].Text()).OfType<string>()],
            EndsWithToolResult = body["input"].Objects().LastOrDefault()?["type"].Text() is "function_call_output" or "custom_tool_call_output",
        };
    }

    // Without a limit it goes on as long as it likes. Whether it takes a limit of none is not published, so it does not.
    private static long HostedCalls(JsonObject body)
    {
        if (!body["tools"].Objects().Any(tool => tool["type"].Text() is "web_search" or "file_search"))
        {
            return 0;
        }

        var limit = body.WholeNumber("max_tool_calls") ?? 1_000;
        return limit >= 1 ? limit : throw new RejectedRequestException(400, "Invalid 'max_tool_calls': integer below minimum value.") { Param = "max_tool_calls" };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(OpenAIInput.Responses(body, rules));

    public SimulatedConversation Conversation(JsonObject body) => ResponsesConversation.Read(body);

    public JsonObject Answer(Generation generation) =>
        ResponsesJson.Response(generation, ResponsesJson.FinalStatus(generation), OpenAIUsage.Responses(generation, vendor));

    public IEnumerable<StreamEvent> Stream(Generation generation) =>
        new ResponsesStream(generation, OpenAIUsage.Responses(generation, vendor)).Events();

    public JsonObject Error(int status, string message, string? param, string? code) => OpenAIError.Envelope(status, message, param, code);

    public StreamEvent ErrorEvent(Generation generation, string message)
    {
        var response = ResponsesJson.Response(generation, "failed", null);
        response["error"] = new JsonObject { ["code"] = "server_error", ["message"] = message };
        var json = new JsonObject { ["type"] = "response.failed", ["sequence_number"] = 1_000_000, ["response"] = response };
        return new("response.failed", json.ToJsonString());
    }
}
