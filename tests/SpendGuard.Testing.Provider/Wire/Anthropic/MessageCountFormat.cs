using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>Anthropic's token count: free, and true even when usage is not.</summary>
internal sealed class MessageCountFormat : IWireFormat
{
    public bool Billable => false;

    public bool Generates => false;

    /// <summary>Tools that the provider runs are taken with messages only.</summary>
    private static readonly string[] ServerTools = ["web_search_", "web_fetch_", "code_execution_"];

    public SimulatedRequest Read(SimulatedRequest request)
    {
        var types = (request.Body["tools"] as JsonArray ?? []).Select(tool => tool?["type"].Text() ?? "").ToList();
        if (types.Find(type => ServerTools.Any(known => type.StartsWith(known, StringComparison.Ordinal))) is { } served)
        {
            throw new RejectedRequestException(400, $"Server tools are not supported in the count_tokens endpoint: {served}. Use the /v1/messages endpoint instead.");
        }

        return request.Body["tool_choice"] is not null && types.Count == 0
            ? throw new RejectedRequestException(400, "tool_choice may only be specified while providing tools.")
            : AnthropicError.RequireModelAndMessages(request);
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => MessagesInput.Count(body, rules);

    public JsonObject Answer(Generation generation) => new()
    {
        ["input_tokens"] = generation.ReportedCount ?? CountInput(generation.Request.Body, CountingRules.Usual).Tokens,
    };

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Counts do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => AnthropicError.Envelope(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Counts do not stream.");
}
