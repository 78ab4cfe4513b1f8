using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>Anthropic's token count: free, and true even when usage is not.</summary>
internal sealed class MessageCountFormat : IWireFormat
{
    public bool Billable => false;

    public bool Generates => false;

    public SimulatedRequest Read(SimulatedRequest request) => AnthropicError.RequireModelAndMessages(request);

    public InputCount CountInput(JsonObject body, CountingRules rules) => MessagesInput.Count(body, rules);

    public JsonObject Answer(Generation generation) => new()
    {
        ["input_tokens"] = generation.ReportedCount ?? CountInput(generation.Request.Body, CountingRules.Usual).Tokens,
    };

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Counts do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => AnthropicError.Envelope(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Counts do not stream.");
}
