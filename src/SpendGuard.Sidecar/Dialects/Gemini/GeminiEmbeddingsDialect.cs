using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers.Gemini;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's embeddings. They have input only: nothing has to be capped. Where an answer does not tell its usage, the bound is what is charged.</summary>
/// <param name="isBatch">Whether a request has several contents in it, for <c>batchEmbedContents</c>.</param>
internal sealed class GeminiEmbeddingsDialect(bool isBatch) : IDialect
{
    public Call Read(Call call)
    {
        var known = call.Tables.Of(GeminiWing.Vendor).Request(isBatch ? "batchEmbedContents" : "embedContent").Check(call.Body, call.Policy);
        var model = GeminiAddress.ModelOf(call, call.Body);
        var bound = new InputBound(model, call.Counters);
        foreach (var request in isBatch ? Requests(call.Body) : [call.Body])
        {
            _ = GeminiAddress.ModelOf(call, request);
            Add(bound, request);
        }

        known.AddTo(bound);
        return call with
        {
            Model = model,
            Shape = new CallShape
            {
                InputBound = bound.Tokens,
                Input = bound,
                UnseenInput = bound.UnseenInput,
                OutputTokens = 0,
                SeparateInputs = true,
                UnboundedFeatures = known.Unknown,
            },
        };
    }

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => JsonMarshal.GetRawUtf8Value(call.Body).ToArray();

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => new GeminiEmbeddingsReader().ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new GeminiEvents();

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => GeminiErrors.Refuse(refusal);

    private static IEnumerable<JsonElement> Requests(JsonElement body) => body.FindField("requests") is null
        ? throw new BadRequestException("'requests' is missing. Give the contents to embed.")
        : body.FindItems("requests");

    private static void Add(InputBound bound, JsonElement request)
    {
        var content = request.FindObjectField("content") ?? throw new BadRequestException("'content' is missing. Give the content to embed.");
        bound.AddMessage(role: content.FindTextField("role"));
        foreach (var part in content.FindItems("parts"))
        {
            bound.AddMessage().AddText(part.FindTextField("text"));
        }

        bound.AddMessage().AddText(request.FindTextField("title"));
        bound.AddText(request.FindObjectField("embedContentConfig")?.FindTextField("title"));
    }
}
