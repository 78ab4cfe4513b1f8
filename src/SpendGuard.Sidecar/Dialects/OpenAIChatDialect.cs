using System.Text.Json;
using SpendGuard.Metering;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>OpenAI's chat completions, which xAI and most compatible providers speak.</summary>
internal sealed class OpenAIChatDialect : IDialect
{
    public DialectCall Read(DialectRequest request)
    {
        var body = request.Body;
        OpenAIChatFields.Table.Check(body, request.Policy);
        var model = new ModelKey(request.Provider, OpenAIRequest.Model(body));
        var bound = new InputBound(model, request.Counters);
        OpenAIChatInput.Add(bound, body);
        return new DialectCall(
            model,
            new CallShape
            {
                InputBound = bound.Tokens,
                OutputTokens = AskedFor(body),
                Choices = (int)Math.Min(body.FindCount("n", least: 1) ?? 1, 1024),
                ServiceTier = OpenAIRequest.ServiceTier(request),
            },
            body.FindBoolean("stream"));
    }

    public ReadOnlyMemory<byte> Cap(DialectRequest request, long outputCap) => BodyRewrite.Replace(
        request.Body,
        ["max_tokens", "max_completion_tokens", "stream_options", "service_tier"],
        writer =>
        {
            writer.WriteNumber(CapName(request), outputCap);
            OpenAIRequest.WriteServiceTier(writer, request);
            WriteStreamOptions(writer, request.Body);
        });

    public ServedCall ReadAnswer(JsonElement answer) => OpenAIRequest.Served(answer);

    public IEventReader ReadEvents(DialectRequest request) => new OpenAIChatEvents(AskedForUsage(request.Body));

    public ReadOnlyMemory<byte> Refusal(int status, string sentence) => OpenAIErrors.Refusal(status, sentence);

    private static long? AskedFor(JsonElement body) =>
        (body.FindCount("max_completion_tokens", least: 1), body.FindCount("max_tokens", least: 1)) switch
        {
            ({ } newer, { } older) => Math.Min(newer, older),
            var (newer, older) => newer ?? older,
        };

    /// <summary>The newer name bounds reasoning too and replaces the older at OpenAI and xAI; others may know only the older.</summary>
    private static string CapName(DialectRequest request) =>
        request.Provider is "openai" or "grok" || request.Body.Find("max_completion_tokens") is not null
            ? "max_completion_tokens"
            : "max_tokens";

    private static bool AskedForUsage(JsonElement body) =>
        body.Find("stream_options")?.RequireObject("stream_options").FindBoolean("include_usage") == true;

    /// <summary>Without <c>include_usage</c> a stream does not tell what it cost.</summary>
    private static void WriteStreamOptions(Utf8JsonWriter writer, JsonElement body)
    {
        if (!body.FindBoolean("stream"))
        {
            return;
        }

        writer.WritePropertyName("stream_options");
        if (body.Find("stream_options") is { } options)
        {
            BodyRewrite.WriteObject(writer, options, ["include_usage"], static inner => inner.WriteBoolean("include_usage", true));
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }
    }
}
