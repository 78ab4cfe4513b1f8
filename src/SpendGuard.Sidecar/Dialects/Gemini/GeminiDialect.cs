using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's <c>generateContent</c> and <c>streamGenerateContent</c>. The route names the model and says whether the answer streams.</summary>
internal sealed class GeminiDialect : IDialect
{
    /// <summary>The official JavaScript client takes a comment for the beginning of a chunk.</summary>
    public bool EventsTakeComments => false;

    public IInputCount InputCount { get; } = new GeminiInputCount();

    public DialectCall Read(DialectRequest request)
    {
        var body = request.Body;
        var unknown = GeminiFields.Table.Check(body, request.Policy);
        var config = body.FindObjectField("generationConfig");
        if (config is { } fields)
        {
            RequireText(fields);
        }

        var model = Model(request);
        var bound = new InputBound(model, request.Counters);
        GeminiInput.Add(bound, body, config);
        return new DialectCall(
            model,
            new CallShape
            {
                InputBound = bound.Tokens,
                UnseenInput = bound.UnseenInput,
                AudioInput = GeminiMedia.HasAudio(body),
                UnboundedFeatures = unknown,
                OutputTokens = config?.FindCountField("maxOutputTokens", least: 1),
                Choices = (int)Math.Min(config?.FindCountField("candidateCount", least: 1) ?? 1, int.MaxValue),
                ServiceTier = AskedTier(body),
            },
            request.RouteStreams)
        {
            LeastInput = bound.LeastTokens,
        };
    }

    public ReadOnlyMemory<byte> Cap(DialectRequest request, long outputCap) => BodyRewrite.Replace(
        request.Body,
        request.Body.Spellings("generationConfig", "serviceTier"),
        writer =>
        {
            writer.WritePropertyName("generationConfig");
            if (request.Body.FindObjectField("generationConfig") is { } config)
            {
                BodyRewrite.WriteObject(
                    writer, config, config.Spellings("maxOutputTokens"), inner => inner.WriteNumber("maxOutputTokens", outputCap));
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteNumber("maxOutputTokens", outputCap);
                writer.WriteEndObject();
            }

            writer.WriteString("serviceTier", AskedTier(request.Body) ?? "standard");
        });

    public ProviderReport ReadAnswer(DialectRequest request, JsonElement answer) => GeminiAnswer.Report(answer);

    public IEventReader ReadEvents(DialectRequest request) => new GeminiEvents();

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => GeminiErrors.Refuse(refusal);

    private static ModelKey Model(DialectRequest request)
    {
        var model = request.RouteModel ?? throw new BadRequestException("'model' is missing. Name the model to call.");
        if (request.Body.FindTextField("model") is { } named && named != model && named != "models/" + model)
        {
            throw new BadRequestException($"'model' is '{named}', but the path names '{model}'. Leave it out of the body.");
        }

        return new ModelKey(request.Provider, model);
    }

    private static string? AskedTier(JsonElement body) => GeminiAnswer.Tier(body.FindTextField("serviceTier")) switch
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
