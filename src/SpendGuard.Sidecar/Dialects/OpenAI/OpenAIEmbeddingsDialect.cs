using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Refusals;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>OpenAI's embeddings, which most compatible providers speak. They have input only: nothing has to be capped.</summary>
internal sealed class OpenAIEmbeddingsDialect : IDialect
{
    /// <summary>OpenAI refuses an input of more tokens.</summary>
    private const long LongestInputAtOpenAI = 8_192;

    public static FieldTable Fields { get; } = new(
        new("model", Bound, "It chooses the price."),
        new("input", Bound, "Each input by its bytes or tokens."),
        new("encoding_format", Free),
        new("dimensions", Free),
        new("user", Free));

    public DialectCall Read(DialectRequest request)
    {
        var unknown = Fields.Check(request.Body, request.Policy);
        var model = OpenAIRequest.ModelKey(request);
        return new DialectCall(
            model, new CallShape { InputBound = InputTokens(request, model), OutputTokens = 0, SeparateInputs = true, UnboundedFeatures = unknown }, Streams: false);
    }

    public ReadOnlyMemory<byte> Cap(DialectRequest request, long outputCap) => JsonMarshal.GetRawUtf8Value(request.Body).ToArray();

    public ProviderReport ReadAnswer(DialectRequest request, JsonElement answer) => OpenAIAnswer.ReportEmbeddings(answer);

    public IEventReader ReadEvents(DialectRequest request) => new OpenAIChatEvents(request.Provider, clientAskedForUsage: true);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    /// <summary>OpenAI bills the tokens of the texts and nothing else; other models may have marks around each.</summary>
    private static long InputTokens(DialectRequest request, ModelKey model)
    {
        var counter = request.Counters.For(model);
        if (request.Provider is "openai")
        {
            return Math.Max(1, Inputs(request.Body).Sum(input => Math.Min(Tokens(input, counter), LongestInputAtOpenAI)));
        }

        var bound = new InputBound(model, request.Counters);
        foreach (var input in Inputs(request.Body))
        {
            bound.AddMessage().Add(Tokens(input, counter));
        }

        return bound.Tokens;
    }

    /// <summary>One text, one list of token ids, or a list of either.</summary>
    private static IEnumerable<JsonElement> Inputs(JsonElement body)
    {
        var input = body.Find("input") ?? throw new BadRequestException("'input' is missing. Give the text to embed.");
        if (input.ValueKind != JsonValueKind.Array || IsTokens(input))
        {
            yield return input;
            yield break;
        }

        foreach (var one in input.EnumerateArray())
        {
            yield return one;
        }
    }

    private static long Tokens(JsonElement input, ITokenCounter counter) => input.ValueKind switch
    {
        JsonValueKind.String => counter.Bound(input.GetString()!),
        JsonValueKind.Array when IsTokens(input) => input.GetArrayLength(),
        _ => throw new BadRequestException("'input' has to be a string, an array of token ids, or an array of either."),
    };

    private static bool IsTokens(JsonElement input) =>
        input.GetArrayLength() > 0 && input.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number);
}
