using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>Anthropic messages.</summary>
internal sealed class MessagesFormat : IWireFormat
{
    public SimulatedRequest Read(SimulatedRequest request)
    {
        var body = request.Body;
        request = AnthropicError.RequireModelAndMessages(request);
        var cap = body.WholeNumber("max_tokens") ?? throw new RejectedRequestException(400, "max_tokens: Field required");
        var last = body["messages"].Objects().LastOrDefault()?["content"].Objects().LastOrDefault();
        return request with
        {
            MaxOutputTokens = cap >= 1 ? cap : throw new RejectedRequestException(400, "max_tokens: must be greater than or equal to 1"),
            HostedCalls = body["tools"].Objects().Sum(Searches),
            Stream = body["stream"].IsTrue(),
            Tools = [.. body["tools"].Objects().Select(tool => tool["name"].Text()).OfType<string>()],
            EndsWithToolResult = last?["type"].Text() == "tool_result",
        };
    }

    // Without a limit it goes on as long as it likes.
    private static long Searches(JsonObject tool)
    {
        if (tool["type"].Text()?.StartsWith("web_search_", StringComparison.Ordinal) != true)
        {
            return 0;
        }

        var limit = tool.WholeNumber("max_uses") ?? 1_000;
        return limit >= 1 ? limit : throw new RejectedRequestException(400, "tools.max_uses: Input should be greater than 0");
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => MessagesInput.Count(body, rules);

    public SimulatedConversation Conversation(JsonObject body) => MessagesConversation.Read(body);

    public JsonObject Answer(Generation generation)
    {
        var message = MessagesJson.Message(generation, new([.. MessagesJson.Blocks(generation)]), MessagesJson.StopReason(generation));
        if (generation.Reported is { } usage)
        {
            message["usage"] = MessagesJson.Usage(generation, usage, usage.OutputTokens);
        }

        return message;
    }

    public IEnumerable<StreamEvent> Stream(Generation generation) => MessagesStream.Events(generation);

    public JsonObject Error(int status, string message, string? param, string? code) => AnthropicError.Envelope(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) =>
        new("error", AnthropicError.Envelope(529, message).ToJsonString());
}
