using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>OpenAI's token count of a response's input: free, and true even when usage is not.</summary>
internal sealed class ResponsesCountFormat : IWireFormat
{
    private static readonly string[] Parameters =
    [
        "conversation", "input", "instructions", "model", "parallel_tool_calls", "previous_response_id", "reasoning", "text", "tool_choice",
        "tools", "truncation",
    ];

    public bool Billable => false;

    public bool Generates => false;

    public SimulatedRequest Read(SimulatedRequest request)
    {
        if (request.Body.Select(field => field.Key).Except(Parameters, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new RejectedRequestException(400, $"Unknown parameter: '{unknown}'.") { Param = unknown };
        }

        AdditionalTools.RequireHeader(request);
        return request with { Model = OpenAIError.RequireModel(request.Body) };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(OpenAIInput.Responses(body, rules));

    public JsonObject Answer(Generation generation) => new()
    {
        ["object"] = "response.input_tokens",
        ["input_tokens"] = generation.ReportedCount ?? CountInput(generation.Request.Body, CountingRules.Usual).Tokens,
    };

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Counts do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => OpenAIError.Envelope(status, message, param, code);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Counts do not stream.");
}
