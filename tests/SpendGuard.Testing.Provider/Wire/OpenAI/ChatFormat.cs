using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Chat completions.</summary>
internal sealed class ChatFormat(Vendor vendor) : IWireFormat
{
    public bool CapBindsReasoning => vendor != Vendor.Grok;

    public SimulatedRequest Read(SimulatedRequest request)
    {
        var body = request.Body;
        var model = OpenAIError.RequireModel(body);
        if (body["messages"] is not JsonArray { Count: > 0 } messages)
        {
            throw new RejectedRequestException(400, "Missing required parameter: 'messages'.") { Param = "messages" };
        }

        var cap = OpenAIError.Cap(body, "max_completion_tokens");
        var legacyCap = OpenAIError.Cap(body, "max_tokens");
        if (cap is not null && legacyCap is not null && vendor is not (Vendor.Compatible or Vendor.Google))
        {
            throw new RejectedRequestException(400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
        }

        return request with
        {
            Model = model,
            MaxOutputTokens = cap ?? legacyCap,
            Choices = Choices(body),
            Stream = body["stream"].IsTrue(),
            IncludeUsage = !body["stream"].IsTrue() || (body["stream_options"] as JsonObject)?["include_usage"].IsTrue() == true,
            Tools = [.. body["tools"].Objects().Select(tool => (tool["function"] as JsonObject)?["name"].Text()).OfType<string>()],
            EndsWithToolResult = (messages[^1] as JsonObject)?["role"].Text() is "tool" or "function",
        };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(OpenAIInput.Chat(body, rules));

    public SimulatedConversation Conversation(JsonObject body) => ChatConversation.Read(body);

    public JsonObject Answer(Generation generation)
    {
        var choices = Enumerable.Range(0, generation.Request.Choices).Select(JsonNode (index) => new JsonObject
        {
            ["index"] = index,
            ["message"] = Message(generation),
            ["logprobs"] = null,
            ["finish_reason"] = FinishReason(generation),
        });
        var answer = ChatStream.Envelope(generation, "chat.completion", new([.. choices]));
        if (OpenAIUsage.Chat(generation, vendor) is { } usage)
        {
            answer["usage"] = usage;
        }

        return answer;
    }

    public IEnumerable<StreamEvent> Stream(Generation generation) =>
        ChatStream.Events(generation, FinishReason(generation), vendor);

    public JsonObject Error(int status, string message, string? param, string? code) => OpenAIError.Envelope(status, message, param, code);

    public StreamEvent ErrorEvent(Generation generation, string message) => new(null, Error(500, message, null, null).ToJsonString());

    private static int Choices(JsonObject body)
    {
        var n = body.WholeNumber("n") ?? 1;
        return n is >= 1 and <= 128 ? (int)n : throw new RejectedRequestException(400, "Invalid 'n': expected 1 to 128.") { Param = "n" };
    }

    private static string FinishReason(Generation generation) =>
        generation.Truncated ? "length" : generation.ToolCalls.Count > 0 ? "tool_calls" : "stop";

    private static JsonObject Message(Generation generation)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = generation.TextPieces.Count > 0 ? generation.Text : null,
            ["refusal"] = null,
        };
        if (generation.ToolCalls.Count > 0)
        {
            var calls = generation.ToolCalls.Select((call, index) => ChatStream.ToolCall(generation, call, index));
            message["tool_calls"] = new JsonArray([.. calls]);
        }

        return message;
    }
}
