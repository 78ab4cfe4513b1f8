using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Embeddings: input is all there is to bill.</summary>
internal sealed class EmbeddingsFormat : IWireFormat
{
    private const int DefaultDimensions = 1536;

    public bool Generates => false;

    public SimulatedRequest Read(SimulatedRequest request)
    {
        var model = OpenAIError.RequireModel(request.Body);
        if (request.Body["input"] is null)
        {
            throw new RejectedRequestException(400, "Missing required parameter: 'input'.") { Param = "input" };
        }

        return request with { Model = model };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(Inputs(body).Sum(input => Tokens(input, rules)));

    public JsonObject Answer(Generation generation)
    {
        var body = generation.Request.Body;
        var vector = new float[body.WholeNumber("dimensions") ?? DefaultDimensions];
        vector[0] = 1;
        var base64 = body["encoding_format"].Text() == "base64";
        var data = Inputs(body).Select(JsonNode (_, index) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = base64
                ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()))
                : JsonSerializer.SerializeToNode(vector),
        });
        var answer = new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. data]), ["model"] = generation.Model };
        if (generation.Reported is { } usage)
        {
            answer["usage"] = new JsonObject { ["prompt_tokens"] = usage.InputTokens, ["total_tokens"] = usage.InputTokens };
            if (generation.Quirks.HasFlag(UsageQuirks.NoTotal))
            {
                answer["usage"]!.AsObject().Remove("total_tokens");
            }
        }

        return answer;
    }

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Embeddings do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => OpenAIError.Envelope(status, message, param, code);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Embeddings do not stream.");

    // One text, one list of token ids, or a list of either.
    private static List<JsonNode?> Inputs(JsonObject body) =>
        body["input"] is JsonArray list && list.FirstOrDefault()?.GetValueKind() != JsonValueKind.Number ? [.. list] : [body["input"]];

    private static long Tokens(JsonNode? input, CountingRules rules) => input is JsonArray ids ? ids.Count : rules.Text(input.Text());
}
