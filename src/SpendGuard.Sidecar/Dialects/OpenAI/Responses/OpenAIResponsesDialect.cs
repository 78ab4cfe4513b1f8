using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Conversations;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>OpenAI's responses, which xAI speaks too.</summary>
/// <param name="limit">What the settings say of the output.</param>
internal sealed class OpenAIResponsesDialect(OutputLimit limit) : IDialect
{
    /// <summary>OpenAI takes no lower cap.</summary>
    private const long LeastOutputAtOpenAI = 16;

    public IInputCount InputCount { get; } = new OpenAIInputCount();

    public Call Read(Call call)
    {
        var body = call.Body;
        var known = call.Tables.Of(OpenAIWing.Vendor).Request("responses").Check(body, call.Policy);
        OpenAICache.Check(body, "prompt_cache_options");
        CheckReasoning(body);

        // Nothing reads it here, but whether it is one has to be told before anything is held.
        _ = body.FindBoolean("stream");
        var hosted = OpenAIHostedTools.Of(call);
        var model = OpenAIRequest.ModelKey(call);
        var bound = new InputBound(model, call.Counters);
        new OpenAIResponsesInput(bound, call.Provider).Add(body);
        known.AddTo(bound, name => OpenAIRequest.AddStored(bound, call.Provider, name));
        return call with
        {
            Model = model,
            IsBoundByTables = known.Counted.Length > 0,
            Shape = new CallShape
            {
                InputBound = bound.Tokens,
                Input = bound,
                UnseenInput = bound.UnseenInput,
                UnboundedFeatures = known.Unknown,
                OutputTokens = limit.Of(body.FindCount("max_output_tokens", least: 1)),
                Reasons = OpenAIRequest.Reasons(body.Find("reasoning")?.Find("effort")),
                LeastOutputTokens = call.Provider is "openai" ? LeastOutputAtOpenAI : null,
                ServiceTier = OpenAIRequest.ServiceTier(call),
                HostedCalls = hosted,
            },
        };
    }

    public IReadOnlyList<ConversationMessage>? Conversation(Call call) => OpenAIResponsesConversation.Of(call.Body);

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => BodyRewrite.Replace(
        call.Body,
        ["max_output_tokens", "service_tier", .. OpenAIHostedTools.Rewritten(call.Body)],
        writer =>
        {
            OpenAIHostedTools.Write(writer, call.Body, grant.HostedCalls);
            writer.WriteNumber("max_output_tokens", grant.OutputTokens);
            OpenAIRequest.WriteServiceTier(writer, call);
        });

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => new OpenAIResponsesReader(Vendor.Of(call.Provider)).ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new OpenAIResponsesEvents(call.Provider);

    public string ErrorEventType => "error";

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    public ReadOnlyMemory<byte> RefuseInEvent(Refusal refusal) => OpenAIErrors.RefuseInEvent(refusal);

    private static void CheckReasoning(JsonElement body)
    {
        if (body.Find("reasoning")?.RequireObject("reasoning").FindString("mode") is not (null or "standard"))
        {
            throw new BadRequestException("Field 'reasoning.mode' is refused: how many passes the model makes has no bound. Leave it out.");
        }
    }
}
