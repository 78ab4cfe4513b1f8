using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>Gemini generateContent and streamGenerateContent, the latter as server-sent events.</summary>
internal sealed class GeminiFormat(bool stream) : IWireFormat
{
    public SimulatedRequest Read(SimulatedRequest request)
    {
        var body = request.Body;
        if (body["contents"] is not JsonArray { Count: > 0 } contents)
        {
            throw new RejectedRequestException(400, "* GenerateContentRequest.contents: contents is not specified");
        }

        var config = GeminiRequest.Config(body);
        return request with
        {
            Model = GeminiRequest.Model(request.Path),
            MaxOutputTokens = config.WholeNumber("maxOutputTokens") ?? config.WholeNumber("max_output_tokens"),
            Choices = (int)(config.WholeNumber("candidateCount") ?? config.WholeNumber("candidate_count") ?? 1),
            Stream = stream,
            Tools = [.. GeminiRequest.Functions(body).Select(function => function["name"].Text()).OfType<string>()],
            EndsWithToolResult = (contents[^1] as JsonObject)?["parts"].Objects().Any(GeminiRequest.IsToolResult) == true,
        };
    }

    public InputCount CountInput(JsonObject body, CountingRules rules) => new(GeminiRequest.Count(body, rules));

    public SimulatedConversation Conversation(JsonObject body) => GeminiConversation.Read(body);

    public JsonObject Answer(Generation generation)
    {
        var candidates = Enumerable.Range(0, generation.Request.Choices)
            .Select(index => GeminiJson.Grounded(
                GeminiJson.Candidate(index, Parts(generation), GeminiJson.FinishReason(generation)), index == 0 ? generation.Usage.Searches : 0));
        return FieldMask.Of(generation.Request).Apply(GeminiJson.Envelope(generation, candidates, generation.Reported));
    }

    public IEnumerable<StreamEvent> Stream(Generation generation)
    {
        var total = Pieces(generation).Count() * generation.Request.Choices;
        var sent = 0;
        for (var candidate = 0; candidate < generation.Request.Choices; candidate++)
        {
            foreach (var piece in Pieces(generation))
            {
                sent++;

                // Every chunk tells the whole usage so far; whoever adds them up is wrong.
                yield return Chunk(GeminiJson.Candidate(candidate, [piece], null), generation.Reported?.UpTo(sent, total), isContent: true);
            }

            var soFar = sent == total ? generation.Reported : generation.Reported?.UpTo(sent, total);
            var last = GeminiJson.Candidate(candidate, [GeminiJson.Text("")], GeminiJson.FinishReason(generation));
            yield return Chunk(GeminiJson.Grounded(last, candidate == 0 ? generation.Usage.Searches : 0), soFar);
        }

        StreamEvent Chunk(JsonObject candidate, SimulatedUsage? usage, bool isContent = false) =>
            new(null, FieldMask.Of(generation.Request).Apply(GeminiJson.Envelope(generation, [candidate], usage)).ToJsonString(), isContent);
    }

    public JsonObject Error(int status, string message, string? param, string? code) => GeminiJson.Error(status, message);

    public StreamEvent ErrorEvent(Generation generation, string message) => new(null, GeminiJson.Error(500, message).ToJsonString());

    private static IEnumerable<JsonObject> Parts(Generation generation)
    {
        foreach (var thought in Thoughts(generation))
        {
            yield return thought;
        }

        if (generation.TextPieces.Count > 0)
        {
            yield return GeminiJson.Text(generation.Text);
        }

        foreach (var call in FunctionCalls(generation))
        {
            yield return call;
        }
    }

    private static IEnumerable<JsonObject> Pieces(Generation generation) =>
        Thoughts(generation).Concat(generation.TextPieces.Select(GeminiJson.Text)).Concat(FunctionCalls(generation));

    private static IEnumerable<JsonObject> Thoughts(Generation generation) =>
        generation.Thoughts is { } thoughts && GeminiConversation.WantsThoughts(generation.Request.Body)
            ? [new() { ["text"] = thoughts, ["thought"] = true }]
            : [];

    // The first call bears the seal of the thoughts that led to it.
    private static IEnumerable<JsonObject> FunctionCalls(Generation generation) =>
        generation.ToolCalls.Select((call, index) => GeminiJson.FunctionCall(call, index == 0 && generation.Thoughts is not null ? generation.Seal : null));
}
