using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>OpenAI's responses, which xAI speaks too.</summary>
/// <param name="limit">What the settings say of the output.</param>
internal sealed class OpenAIResponsesDialect(OutputLimit limit) : IDialect
{
    /// <summary>OpenAI takes no lower cap.</summary>
    private const long LeastOutputAtOpenAI = 16;

    public IInputCount InputCount { get; } = new OpenAIInputCount();

    public DialectCall Read(DialectRequest request)
    {
        var body = request.Body;
        var unknown = OpenAIResponsesFields.Table.Check(body, request.Policy);
        OpenAICache.Check(body, "prompt_cache_options");
        CheckReasoning(body);
        var hosted = OpenAIHostedTools.Of(request);
        var model = OpenAIRequest.ModelKey(request);
        var bound = new InputBound(model, request.Counters);
        new OpenAIResponsesInput(bound, request.Provider).Add(body);
        return new DialectCall(
            model,
            hosted.In(new CallShape
            {
                InputBound = bound.Tokens,
                UnseenInput = bound.UnseenInput,
                UnboundedFeatures = unknown,
                OutputTokens = limit.Of(body.FindCount("max_output_tokens", least: 1)),
                LeastOutputTokens = request.Provider is "openai" ? LeastOutputAtOpenAI : null,
                ServiceTier = OpenAIRequest.ServiceTier(request),
            }),
            body.FindBoolean("stream"))
        {
            LeastInput = bound.LeastTokens,
        };
    }

    public ReadOnlyMemory<byte> Cap(DialectRequest request, long outputCap) => BodyRewrite.Replace(
        request.Body,
        ["max_output_tokens", "service_tier"],
        writer =>
        {
            writer.WriteNumber("max_output_tokens", outputCap);
            OpenAIRequest.WriteServiceTier(writer, request);
        });

    public ProviderReport ReadAnswer(DialectRequest request, JsonElement answer) => OpenAIAnswer.Report(request.Provider, answer);

    public IEventReader ReadEvents(DialectRequest request) => new OpenAIResponsesEvents(request.Provider);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    private static void CheckReasoning(JsonElement body)
    {
        if (body.Find("reasoning")?.RequireObject("reasoning").FindString("mode") is not (null or "standard"))
        {
            throw new BadRequestException("Field 'reasoning.mode' is refused: how many passes the model makes has no bound. Leave it out.");
        }
    }
}
