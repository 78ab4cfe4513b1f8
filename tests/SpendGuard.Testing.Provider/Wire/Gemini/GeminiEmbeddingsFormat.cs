using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>Gemini's embeddings: input is all there is to bill.</summary>
internal sealed class GeminiEmbeddingsFormat(bool isBatch) : IWireFormat
{
    private const int Dimensions = 768;
    private const long PerText = 3;

    public bool Generates => false;

    public SimulatedRequest Read(SimulatedRequest request)
    {
        var model = GeminiRequest.Model(request.Path);
        foreach (var one in Requests(request.Body))
        {
            if (one["content"] is not JsonObject || (isBatch && one["model"].Text() != "models/" + model))
            {
                throw new RejectedRequestException(400, "* BatchEmbedContentsRequest.requests: content and model of each are required");
            }
        }

        return request with { Model = model };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(Requests(body).Sum(one => Count(one, rules)));

    public JsonObject Answer(Generation generation)
    {
        var vectors = Requests(generation.Request.Body).Select(Vector).ToList();
        var answer = isBatch ? new JsonObject { ["embeddings"] = new JsonArray([.. vectors]) } : new JsonObject { ["embedding"] = vectors[0] };
        if (generation.Reported is { } usage)
        {
            answer["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = usage.InputTokens,
                ["promptTokenDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = usage.InputTokens }),
            };
        }

        return answer;
    }

    public IEnumerable<StreamEvent> Stream(Generation generation) => throw new NotSupportedException("Embeddings do not stream.");

    public JsonObject Error(int status, string message, string? param, string? code) => GeminiJson.Error(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) => throw new NotSupportedException("Embeddings do not stream.");

    private IEnumerable<JsonObject> Requests(JsonObject body) => isBatch ? body["requests"].Objects() : [body];

    private static JsonNode Vector(JsonObject request)
    {
        var length = request.WholeNumber("outputDimensionality") ?? request.WholeNumber("output_dimensionality") ?? Dimensions;
        return new JsonObject { ["values"] = new JsonArray([.. Enumerable.Range(0, (int)length).Select(JsonNode (at) => at == 0 ? 1 : 0)]) };
    }

    private static long Count(JsonObject request, CountingRules rules) =>
        PerText
        + rules.Text(request["title"].Text())
        + rules.Text((GeminiRequest.Either(request, "embedContentConfig", "embed_content_config") as JsonObject)?["title"].Text())
        + ((JsonObject)request["content"]!)["parts"].Objects().Sum(part => rules.Text(part["text"].Text()));
}
