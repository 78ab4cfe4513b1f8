using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Conversations;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>OpenAI's chat completions, which xAI and most compatible providers speak.</summary>
/// <param name="limit">What the settings say of the output.</param>
internal sealed class OpenAIChatDialect(OutputLimit limit) : IDialect
{
    /// <summary>Far more than the 128 that OpenAI and xAI give.</summary>
    private const int MostChoices = 1_024;

    public IInputCount InputCount { get; } = new OpenAIChatInputCount();

    public Call Read(Call call)
    {
        var body = call.Body;
        var known = call.Tables.Of(OpenAIWing.Vendor).Request("chat").Check(body, call.Policy);
        OpenAICache.Check(body, "prompt_cache_options");

        // A wrong type has to be told before anything is held, not when the answer is there.
        _ = AskedForUsage(body);
        _ = body.FindBoolean("stream");
        var model = OpenAIRequest.ModelKey(call);
        var bound = new InputBound(model, call.Counters);
        new OpenAIChatInput(bound, call.Provider).Add(body);
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
                AudioInput = OpenAIAudio.IsInput(body),
                AudioOutput = OpenAIAudio.IsOutput(body),
                UnboundedFeatures = known.Unknown,
                OutputTokens = limit.Of(AskedFor(body)),
                Reasons = GooglesThinking(body) ?? OpenAIRequest.Reasons(body.Find("reasoning_effort")),
                Choices = Choices(body),
                ServiceTier = OpenAIRequest.ServiceTier(call),
            },
        };
    }

    public IReadOnlyList<ConversationMessage>? Conversation(Call call) => OpenAIChatConversation.Of(call.Body);

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => BodyRewrite.Replace(
        call.Body,
        ["max_tokens", "max_completion_tokens", "stream_options", "service_tier"],
        writer =>
        {
            WriteCap(writer, call.Route.Provider.OutputCap, grant.OutputTokens);
            OpenAIRequest.WriteServiceTier(writer, call);
            WriteStreamOptions(writer, call.Body);
        });

    public ProviderReport ReadAnswer(Call call, JsonElement answer) => new OpenAIChatReader(Vendor.Of(call.Provider)).ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new OpenAIChatEvents(call.Provider, AskedForUsage(call.Body), call.Shape.Choices);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    /// <summary>What Google takes beside these formats' own setting, at its path for them.</summary>
    private static bool? GooglesThinking(JsonElement body) =>
        GeminiThinking.IsAskedFor(body.Find("extra_body")?.FindField("google")?.FindField("thinking_config"));

    private static long? AskedFor(JsonElement body) =>
        (body.FindCount("max_completion_tokens", least: 1), body.FindCount("max_tokens", least: 1)) switch
        {
            ({ } newer, { } older) => Math.Min(newer, older),
            var (newer, older) => newer ?? older,
        };

    private static int Choices(JsonElement body) => body.FindCount("n", least: 1) switch
    {
        null => 1,
        <= MostChoices and var asked => (int)asked,
        _ => throw new BadRequestException($"'n' has to be at most {MostChoices}."),
    };

    private static void WriteCap(Utf8JsonWriter writer, OutputCapName name, long cap)
    {
        if (name is OutputCapName.MaxCompletionTokens or OutputCapName.Both)
        {
            writer.WriteNumber("max_completion_tokens", cap);
        }

        if (name is OutputCapName.MaxTokens or OutputCapName.Both)
        {
            writer.WriteNumber("max_tokens", cap);
        }
    }

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
            BodyRewrite.WriteObject(writer, options, static name => name == "include_usage", static inner => inner.WriteBoolean("include_usage", true));
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }
    }
}
