using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>OpenAI's embeddings, which most compatible providers speak. They have input only: nothing has to be capped.</summary>
internal sealed class OpenAIEmbeddingsDialect : IDialect
{
    /// <summary>OpenAI refuses an input of more tokens.</summary>
    private const long LongestInputAtOpenAI = 8_192;

    public Call Read(Call call)
    {
        var known = call.Tables.Of(OpenAIWing.Vendor).Request("embeddings").Check(call.Body, call.Policy);
        var model = OpenAIRequest.ModelKey(call);
        var bound = Input(call, model);
        known.AddTo(bound, name => OpenAIRequest.AddStored(bound, call.Provider, name));
        return call with
        {
            Model = model,
            Shape = new CallShape
            {
                InputBound = Math.Max(1, bound.Tokens),
                Input = bound,
                UnseenInput = bound.UnseenInput,
                OutputTokens = 0,
                SeparateInputs = true,
                UnboundedFeatures = known.Unknown,
            },
        };
    }

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => JsonMarshal.GetRawUtf8Value(call.Body).ToArray();

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => new OpenAIEmbeddingsReader().ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new OpenAIChatEvents(call.Provider, clientAskedForUsage: true);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    /// <summary>OpenAI bills the tokens of the texts and nothing else; other models may have marks around each.</summary>
    private static InputBound Input(Call call, ModelKey model)
    {
        var isOpenAI = call.Provider is "openai";
        var bound = isOpenAI ? InputBound.OfTexts(model, call.Counters) : new InputBound(model, call.Counters);
        var most = isOpenAI ? LongestInputAtOpenAI : long.MaxValue;
        foreach (var input in Inputs(call.Body))
        {
            Add(isOpenAI ? bound : bound.AddMessage(), input, most);
        }

        return bound;
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

    private static InputBound Add(InputBound bound, JsonElement input, long most) => input.ValueKind switch
    {
        JsonValueKind.String => bound.AddText(input.GetString(), most),
        JsonValueKind.Array when IsTokens(input) => bound.Add(Math.Min(input.GetArrayLength(), most)),
        _ => throw new BadRequestException("'input' has to be a string, an array of token ids, or an array of either."),
    };

    private static bool IsTokens(JsonElement input) =>
        input.GetArrayLength() > 0 && input.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number);
}
