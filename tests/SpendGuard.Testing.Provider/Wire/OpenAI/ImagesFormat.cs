using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Images of a prompt: billed by the piece where the price list has a price for one, and else by the token.</summary>
internal sealed class ImagesFormat : IWireFormat
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    public SimulatedRequest Read(SimulatedRequest request) => request.Body["prompt"].Text() is null
        ? throw new RejectedRequestException(400, "Missing required parameter: 'prompt'.") { Param = "prompt" }
        : request with { Model = OpenAIError.RequireModel(request.Body), Choices = (int)(request.Body.WholeNumber("n") ?? 1) };

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(rules.Text(body["prompt"].Text()));

    public JsonObject Answer(Generation generation)
    {
        var images = Enumerable.Range(0, generation.Request.Choices).Select(JsonNode (_) => new JsonObject { ["b64_json"] = Pixel });
        var answer = new JsonObject { ["created"] = Generation.CreatedAt, ["data"] = new JsonArray([.. images]) };
        if (generation.Reported is { } usage && generation.Price.Image is null)
        {
            answer["usage"] = new JsonObject
            {
                ["input_tokens"] = usage.InputTokens,
                ["output_tokens"] = usage.OutputTokens,
                ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
                ["input_tokens_details"] = new JsonObject { ["image_tokens"] = 0, ["text_tokens"] = usage.InputTokens },
            };
        }

        return answer;
    }

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("The sidecar asks for no stream of images.");

    public JsonObject Error(int status, string message, string? param, string? code) => OpenAIError.Envelope(status, message, param, code);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("The sidecar asks for no stream of images.");
}
