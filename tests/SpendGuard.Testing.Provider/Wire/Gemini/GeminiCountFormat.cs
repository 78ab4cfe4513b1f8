using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>Gemini's token count: free, and true even when usage is not.</summary>
internal sealed class GeminiCountFormat : IWireFormat
{
    public bool Billable => false;

    public bool Generates => false;

    public SimulatedRequest Read(SimulatedRequest request) => request with { Model = GeminiRequest.Model(request.Path) };

    public InputCount CountInput(JsonObject body, CountingRules rules) =>
        new(GeminiRequest.Count(GeminiRequest.Either(body, "generateContentRequest", "generate_content_request") as JsonObject ?? body, rules));

    public JsonObject Answer(Generation generation) => new()
    {
        ["totalTokens"] = generation.ReportedCount ?? CountInput(generation.Request.Body, CountingRules.Usual).Tokens,
    };

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Counts do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => GeminiJson.Error(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Counts do not stream.");
}
