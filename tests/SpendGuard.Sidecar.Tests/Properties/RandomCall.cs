using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Incomplete;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>A call, and how the provider is going to count and price it. Both follow from a number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Behaviour">What the provider does.</param>
internal sealed record RandomCall(int Number, string Path, string Body, Behaviour Behaviour)
{
    /// <summary>Whether all of what is billed is told: a total that its API always has is there, and text was not made of no output.</summary>
    public bool TellsAll { get; init; } = true;

    /// <summary>The model, where its price document has gaps.</summary>
    public IncompleteModel? Model { get; init; }
}

/// <summary>Makes calls that are served, counted and priced in every way that a provider has.</summary>
/// <param name="number">What they follow from.</param>
/// <param name="only">The model that all are for; null for any of those that have a price for everything.</param>
internal sealed class RandomCalls(int number, IncompleteModel? only = null)
{
    private static readonly long[] Thresholds = [100_000, 128_000, 200_000, 272_000];

    private readonly Random _random = new(number);
    private bool _hasText;

    public RandomCall Chat() => OpenAI(
        "/v1/chat/completions", """ "messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":64,"n":{0} """, Quirks(UsageQuirks.NoTotal)) switch
    {
        var call => call with { Behaviour = call.Behaviour with { UsagePlace = (UsagePlace)_random.Next(Enum.GetValues<UsagePlace>().Length) } },
    };

    public RandomCall Responses() => OpenAI(
        "/v1/responses", """ "input":"Hi","max_output_tokens":64 """, Quirks(UsageQuirks.NoTotal), audio: false) switch
        {
            var call when OneIn(4) => call with
            {
                Behaviour = call.Behaviour with { FixedUsage = call.Behaviour.FixedUsage! with { Searches = _random.Next(4) } },
            },
            var call => call,
        };

    public RandomCall Embeddings()
    {
        var (asked, served) = Models("text-embedding-3-made-up", "text-embedding-3-made-up-large");
        var usage = new SimulatedUsage(Input());
        return new(number, "/v1/embeddings", Body(asked, """ "input":["Hi","there"],"dimensions":1 """), Told(served, usage, OneIn(3) ? UsageQuirks.NoTotal : UsageQuirks.None));
    }

    public RandomCall Anthropic()
    {
        var (asked, served) = Models("claude-made-up-large", "claude-made-up-small");
        var life = OneIn(2) ? "5m" : "1h";
        var (cached, written) = Parts(out var input);
        var usage = new SimulatedUsage(input, Output())
        {
            CachedInputTokens = cached,
            CacheWriteTokens = life == "5m" ? written : written / 3,
            CacheWriteOneHourTokens = life == "5m" ? 0 : written - (written / 3),
            Searches = OneIn(4) ? _random.Next(5) : 0,
        };
        var quirks = Quirks(UsageQuirks.Running);
        if (OneIn(3) && (life == "5m" || usage.CacheWriteTokens == 0))
        {
            quirks |= UsageQuirks.NoCacheLife;
        }

        var content = $$"""[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"{{life}}"} }]""";
        return Call(
            "/v1/messages",
            Body(asked, $$""" "messages":[{"role":"user","content":{{content}}}],"max_tokens":64,{{Streams()}} """),
            Told(served, usage, quirks) with { ServedTiers = [.. ((string[])["fast", "us"]).Where(tier => HasTier(tier) && OneIn(4))] },
            hasTotal: false);
    }

    public RandomCall Gemini()
    {
        var (asked, served) = Models("gemini-made-up-pro", "gemini-made-up-flash");
        var (cached, toolUse) = Parts(out var input);
        var output = Output();
        var usage = new SimulatedUsage(input, output)
        {
            CachedInputTokens = cached,
            AudioInputTokens = HasAudio && OneIn(3) ? (input - cached - toolUse) / 2 : 0,
            ToolUseTokens = toolUse,
            ReasoningTokens = Reasoning(output),
            Searches = OneIn(4) ? _random.Next(5) : 0,
        };
        var body = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":64}""" + AskedTier("serviceTier") + "}";
        var path = OneIn(2) ? ":generateContent" : ":streamGenerateContent?alt=sse";
        return Call($"/v1beta/models/{asked}{path}", body, Told(served, usage, Quirks(UsageQuirks.NoTotal)) with { ServedTiers = ServedTier() });
    }

    /// <summary>In OpenAI's format, in which it tells no parts of its counts.</summary>
    public RandomCall GeminiChat()
    {
        var (asked, served) = Models("gemini-made-up-pro", "gemini-made-up-flash");
        var output = Output();
        var usage = new SimulatedUsage(Input(), output) { ReasoningTokens = Reasoning(output) };
        var body = Body(asked, $$""" "messages":[{"role":"user","content":"Hi"}],"max_tokens":64,{{Streams()}} """);

        // Without a total nothing tells of thoughts.
        return Call("/v1beta/openai/chat/completions", body, Told(served, usage, Quirks(usage.ReasoningTokens == 0 ? UsageQuirks.NoTotal : UsageQuirks.None)));
    }

    public RandomCall GeminiEmbeddings()
    {
        var isBatch = OneIn(2);
        const string One = """{"model":"models/gemini-embedding-made-up","content":{"parts":[{"text":"Hi"}]}}""";
        return new(
            number,
            $"/v1beta/models/{MadeUpModels.GeminiEmbeddings}:{(isBatch ? "batchEmbedContents" : "embedContent")}",
            isBatch ? $$"""{"requests":[{{One}},{{One}}]}""" : One,
            Told(MadeUpModels.GeminiEmbeddings, new SimulatedUsage(Input()), UsageQuirks.None));
    }

    public RandomCall GrokChat() => Grok(
        "/grok/v1/chat/completions", """ "messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":64 """, Quirks(UsageQuirks.Running | UsageQuirks.NoTotal));

    public RandomCall GrokResponses() => Grok("/grok/v1/responses", """ "input":"Hi","max_output_tokens":64 """, Quirks(UsageQuirks.NoTotal));

    private RandomCall OpenAI(string path, string fields, UsageQuirks quirks, bool audio = true)
    {
        audio = audio && HasAudio;
        var (asked, served) = Models("gpt-4o-made-up", "gpt-5-made-up");
        var (cached, written) = Parts(out var input);
        var output = Output();
        var reasoning = Reasoning(output);
        var usage = new SimulatedUsage(input, output)
        {
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            AudioInputTokens = audio && OneIn(4) ? (input - cached - written) / 2 : 0,
            ReasoningTokens = reasoning,
            AudioOutputTokens = audio && OneIn(4) ? (output - reasoning) / 2 : 0,
        };
        var body = Body(asked, fields.Replace("{0}", (1 + _random.Next(3)).ToString(), StringComparison.Ordinal) + "," + Streams() + AskedTier("service_tier"));
        return Call(path, body, Told(served, usage, quirks) with { ServedTiers = ServedTier() });
    }

    private RandomCall Grok(string path, string fields, UsageQuirks quirks)
    {
        var (asked, served) = Models("grok-made-up", "grok-made-up-fast");
        var (cached, _) = Parts(out var input);
        var output = Output();
        var usage = new SimulatedUsage(input, output) { CachedInputTokens = cached, ReasoningTokens = Reasoning(output) };

        // What is stated need not be what the counts come to.
        var states = OneIn(2);
        var behaviour = Told(served, usage, states ? quirks : quirks | UsageQuirks.NoCharge) with
        {
            FixedCharge = states && OneIn(2) ? 1 + _random.NextInt64(10_000_000_000) : null,
        };
        return Call(path, Body(asked, fields + "," + Streams()), behaviour, states: states);
    }

    private static string Body(string model, string fields) => $$"""{"model":"{{model}}",{{fields}}}""";

    private Behaviour Told(string served, SimulatedUsage usage, UsageQuirks quirks)
    {
        _hasText = usage.OutputTokens > 0 || OneIn(2);
        var text = _hasText ? "All right" : "";
        return new()
        {
            FixedUsage = usage,
            Quirks = quirks,
            ServedModel = served,
            Reply = _ => SimulatedReply.Say(text),
        };
    }

    private RandomCall Call(string path, string body, Behaviour behaviour, bool hasTotal = true, bool states = false) => new(number, path, body, behaviour)
    {
        TellsAll = states || !((hasTotal && behaviour.Quirks.HasFlag(UsageQuirks.NoTotal)) || (_hasText && behaviour.FixedUsage!.OutputTokens == 0)),
    };

    private (string Asked, string Served) Models(params string[] models)
    {
        if (only is not null)
        {
            return (only.Name, only.Name);
        }

        var asked = models[_random.Next(models.Length)];
        return (asked, OneIn(3) ? models[_random.Next(models.Length)] : asked);
    }

    private string Streams() => $"\"stream\":{(OneIn(2) ? "true" : "false")}";

    private string AskedTier(string name) => HasTier("priority") && OneIn(3) ? $",\"{name}\":\"priority\"" : "";

    private string[] ServedTier() => _random.Next(4) switch
    {
        0 when HasTier("priority") => ["priority"],
        1 when HasTier("flex") => ["flex"],
        _ => [],
    };

    private bool HasTier(string name) => only is null || only.Bills.Tiers.ContainsKey(name);

    /// <summary>Any of the flags, and a way to write zeros down.</summary>
    private UsageQuirks Quirks(UsageQuirks flags) =>
        (UsageQuirks)(_random.Next(64) & (int)flags) | _random.Next(3) switch { 0 => UsageQuirks.NullForZero, 1 => UsageQuirks.NothingForZero, _ => UsageQuirks.None };

    private bool HasAudio => only is null;

    private long Input() => Math.Min(AnyInput(), only?.Bills.MaxInputTokens ?? long.MaxValue);

    private long AnyInput() => _random.Next(4) switch
    {
        0 => 1 + _random.Next(50),
        1 => 1 + _random.Next(60_000),
        2 => Threshold() - 1 + _random.Next(3),
        _ => 1 + _random.Next(900_000),
    };

    private long Threshold() => only?.Bills.LongContextFrom is { } own and < long.MaxValue && OneIn(2) ? own : Thresholds[_random.Next(Thresholds.Length)];

    private long Output() => OneIn(10) ? 0 : OneIn(3) ? _random.Next(100_000) : _random.Next(500);

    private long Reasoning(long output) => OneIn(2) ? 0 : OneIn(5) ? output : _random.NextInt64(output + 1);

    /// <summary>An input, and two parts of it that may be all of it.</summary>
    private (long First, long Second) Parts(out long input)
    {
        input = Input();
        var first = OneIn(2) ? 0 : OneIn(5) ? input : _random.NextInt64(input + 1);
        var second = OneIn(2) ? 0 : _random.NextInt64(input - first + 1);
        return (first, second);
    }

    private bool OneIn(int chances) => _random.Next(chances) == 0;
}
