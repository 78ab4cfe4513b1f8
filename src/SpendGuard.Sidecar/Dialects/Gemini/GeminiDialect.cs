using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Conversations;
using SpendGuard.Providers.Gemini;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's <c>generateContent</c> and <c>streamGenerateContent</c>. The address names the model and says whether the answer streams.</summary>
internal class GeminiDialect : IDialect
{
    /// <summary>The official JavaScript client takes a comment for the beginning of a chunk.</summary>
    public bool EventsTakeComments => false;

    public IInputCount InputCount { get; } = new GeminiInputCount();

    public virtual Call Read(Call call)
    {
        var body = call.Body;
        var known = call.Tables.Of(GeminiWing.Vendor).Request("generateContent").Check(body, call.Policy);
        var config = body.FindObjectField("generationConfig");
        if (config is { } fields)
        {
            RequireText(fields);
        }

        var model = GeminiAddress.ModelOf(call, body);
        var bound = new InputBound(model, call.Counters);
        GeminiInput.Add(bound, body, config);
        known.AddTo(bound);
        return call with
        {
            Model = model,
            IsBoundByTables = known.Counted.Length > 0,
            Shape = new CallShape
            {
                InputBound = bound.Tokens,
                Input = bound,
                UnseenInput = bound.UnseenInput,
                AudioInput = GeminiMedia.HasAudio(body),
                UnboundedFeatures = known.Unknown,
                OutputTokens = config?.FindCountField("maxOutputTokens", least: 1),
                Choices = (int)Math.Min(config?.FindCountField("candidateCount", least: 1) ?? 1, int.MaxValue),
                Reasons = GeminiThinking.IsAskedFor(config?.FindObjectField("thinkingConfig")),
                ServiceTier = AskedTier(body),
            },
        };
    }

    public IReadOnlyList<ConversationMessage>? Conversation(Call call) => GeminiConversation.Of(call.Body);

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => BodyRewrite.Replace(
        call.Body,
        ProtoNames.AnyOf("generationConfig", "serviceTier"),
        writer =>
        {
            writer.WritePropertyName("generationConfig");
            if (call.Body.FindObjectField("generationConfig") is { } config)
            {
                BodyRewrite.WriteObject(
                    writer, config, ProtoNames.AnyOf("maxOutputTokens"), inner => inner.WriteNumber("maxOutputTokens", grant.OutputTokens));
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteNumber("maxOutputTokens", grant.OutputTokens);
                writer.WriteEndObject();
            }

            writer.WriteString("serviceTier", AskedTier(call.Body) ?? "standard");
        });

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => new GeminiReader().ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new GeminiEvents();

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => GeminiErrors.Refuse(refusal);

    private static string? AskedTier(JsonElement body) => GeminiTier.Read(body.FindTextField("serviceTier")) switch
    {
        null or "standard" => null,
        var tier => tier,
    };

    private static void RequireText(JsonElement config)
    {
        foreach (var modality in config.FindField("responseModalities") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
            _ => throw new BadRequestException("'responseModalities' has to be an array."),
        })
        {
            if (modality.ValueKind != JsonValueKind.String || !string.Equals(modality.Text("responseModalities"), "TEXT", StringComparison.OrdinalIgnoreCase))
            {
                throw new BadRequestException(
                    $"'responseModalities' has {modality.GetRawText()}, which is not priced. Leave it out, or ask for TEXT only.");
            }
        }
    }
}
