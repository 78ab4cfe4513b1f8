using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Conversations;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Anthropic's messages.</summary>
internal sealed class AnthropicMessagesDialect : IDialect
{
    /// <summary>A speed that costs several times as much, where its rate card has it as a service tier.</summary>
    private const string Fast = "fast";

    /// <summary>The region that has a surcharge.</summary>
    private const string Us = "us";

    public IInputCount InputCount { get; } = new AnthropicInputCount();

    public Call Read(Call call)
    {
        var body = call.Body;
        var betas = AnthropicBetas.Check(call);
        RefuseThread(body);
        var known = call.Tables.Of(AnthropicWing.Vendor).Request("messages").Check(body, call.Policy);

        // Nothing reads it here, but whether it is one has to be told before anything is held.
        _ = body.FindBoolean("stream");
        Allow(body, "speed", "standard", Fast);
        Allow(body, "service_tier", "standard_only", "auto");
        Allow(body, "inference_geo", "global", AnthropicModels.TakeInferenceGeo(ModelName.In(body)) ? Us : "global");
        var hosted = AnthropicHostedTools.Of(body);
        var model = new ModelKey(call.Provider, ModelName.In(body));
        var bound = new InputBound(model, call.Counters);
        AnthropicInput.Add(bound, body);
        betas.AddTo(bound);
        known.AddTo(bound);
        return call with
        {
            Model = model,
            IsBoundByTables = betas.Counted.Length + known.Counted.Length > 0,
            Shape = new CallShape
            {
                InputBound = bound.Tokens,
                Input = bound,
                UnseenInput = bound.UnseenInput,
                UnboundedFeatures = [.. betas.Unknown, .. known.Unknown],
                OutputTokens = body.FindCount("max_tokens", least: 1),
                Reasons = AnthropicThinking.IsAskedFor(body),
                LeastOutputTokens = AnthropicThinking.LeastOutput(body),
                LongCacheWrites = AnthropicCache.AsksForLong(body),
                ServiceTier = body.FindString("speed") is Fast ? Fast : null,
                ResidencyFactor = AsksForUs(body) ? Residency.Factor : 1,
                HostedCalls = hosted,
                OpenedInputTokens = AnthropicBetas.OpenedInput(call),
            },
        };
    }

    public IReadOnlyList<ConversationMessage>? Conversation(Call call) => AnthropicConversation.Of(call.Body);

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => BodyRewrite.Replace(
        call.Body,
        ["max_tokens", "service_tier", "inference_geo", .. AnthropicHostedTools.Rewritten(call.Body)],
        writer =>
        {
            AnthropicHostedTools.Write(writer, call.Body, grant.HostedCalls);
            writer.WriteNumber("max_tokens", grant.OutputTokens);
            writer.WriteString("service_tier", "standard_only");
            if (call.Body.Find("inference_geo") is not null || AnthropicModels.TakeInferenceGeo(ModelName.In(call.Body)))
            {
                writer.WriteString("inference_geo", AsksForUs(call.Body) ? Us : "global");
            }
        });

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => Reader(call).ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new AnthropicEvents(Reader(call));

    public string ErrorEventType => "error";

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => AnthropicErrors.Refuse(refusal);

    /// <summary>The region that was asked for is in the price already.</summary>
    private static AnthropicMessageReader Reader(Call call) =>
        new(AnthropicCache.AsksForLong(call.Body), pricedRegion: AsksForUs(call.Body) ? Us : null);

    private static bool AsksForUs(JsonElement body) => body.FindString("inference_geo") is Us;

    /// <summary>Refuses a conversation that the provider keeps, under the name by which clients know to send all of it instead.</summary>
    private static void RefuseThread(JsonElement body)
    {
        if (body.Find("thread") is not null)
        {
            throw new BadRequestException("Field 'thread' is refused: the stored conversation is input that cannot be seen here. Send all of its messages.")
            {
                Code = "thread_unsupported_request",
            };
        }
    }

    /// <summary>Refuses a value that has no price.</summary>
    private static void Allow(JsonElement body, string name, params ReadOnlySpan<string> values)
    {
        if (body.FindString(name) is { } value && !values.Contains(value))
        {
            throw new BadRequestException($"'{name}' is '{value}', which is not priced. Leave it out, or set it to '{values[0]}'.");
        }
    }
}
