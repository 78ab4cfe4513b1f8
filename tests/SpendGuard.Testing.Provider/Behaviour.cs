namespace SpendGuard.Testing.Provider;

/// <summary>How much of a broken-off answer the provider bills.</summary>
public enum BilledPart
{
    /// <summary>The whole answer: the provider generates on, whoever listens.</summary>
    Full,

    /// <summary>The input and what had been sent by then.</summary>
    SentSoFar,
}

/// <summary>How the provider treats a call. The default is honest: a short answer within the cap, true usage, a true bill.</summary>
public sealed record Behaviour
{
    public static Behaviour Honest { get; } = new();

    /// <summary>How many tokens each choice wants, reasoning included. Default: the reply's own length, or 20 without one.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Uses all the cap allows, or without a cap all the model can.</summary>
    public bool GenerateToTheCap { get; init; }

    /// <summary>
    /// Counts the most it may: bytes where no tokenizer is published, images at their largest, the whole cap for each choice, reasoning
    /// beyond the cap where nothing bounds it, and every token as what is dearest, at the tier that was asked for, or else at those of
    /// <see cref="ServedTiers"/>.
    /// </summary>
    public bool UseTheMost { get; init; }

    /// <summary>How many of each choice's output tokens are reasoning.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>How many input tokens come from the cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>How much of the input comes from the cache beside that, as a share, where the request asks to cache.</summary>
    public decimal CachedShare { get; init; }

    /// <summary>How many input tokens are written to the cache. Null: as the request's cache_control asks.</summary>
    public long? CacheWriteTokens { get; init; }

    public long? CacheWriteOneHourTokens { get; init; }

    /// <summary>Generates <see cref="OutputTokens"/> even above the cap.</summary>
    public bool IgnoreCap { get; init; }

    /// <summary>Fields of a body that are newer than the formats here, whose JSON it puts to the model and bills.</summary>
    public IReadOnlyList<string> NewFields { get; init; } = [];

    /// <summary>Names of an output cap that it does not know, and ignores as it ignores whatever it does not know.</summary>
    public IReadOnlyList<string> IgnoresCapsNamed { get; init; } = [];

    /// <summary>Names of an output cap that it does not know, and refuses a request for.</summary>
    public IReadOnlyList<string> RefusesCapsNamed { get; init; } = [];

    /// <summary>Reported and billed whatever was asked.</summary>
    public SimulatedUsage? FixedUsage { get; init; }

    public TimeSpan Delay { get; init; }
    public TimeSpan DelayBetweenEvents { get; init; }

    /// <summary>Never answers; ends when the client goes or the provider stops.</summary>
    public bool Hang { get; init; }

    /// <summary>Answers with this error, in the provider's own error JSON.</summary>
    public int? FailWithStatus { get; init; }

    /// <summary>Sent with <see cref="FailWithStatus"/> in place of the provider's own error JSON; an object of JSON.</summary>
    public string? FailWithBody { get; init; }

    /// <summary>Sent as retry-after with <see cref="FailWithStatus"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Bills a call that is answered with <see cref="FailWithStatus"/>, as if it had been generated.</summary>
    public bool BillFailures { get; init; }

    /// <summary>Streams this many events, then drops the connection.</summary>
    public int? CutAfterEvents { get; init; }

    /// <summary>Streams this many events, then an error event in place of the rest. Billed like a cut stream.</summary>
    public int? FailAfterEvents { get; init; }

    /// <summary>What is billed of a stream the provider itself broke off.</summary>
    public BilledPart BillOnCut { get; init; } = BilledPart.SentSoFar;

    /// <summary>Takes the request, then drops the connection without an answer.</summary>
    public bool CutBeforeHeaders { get; init; }

    /// <summary>Whether a call that hangs or is cut before its headers is billed, in full.</summary>
    public bool BillCutCalls { get; init; } = true;

    /// <summary>What is billed when the client goes before the end.</summary>
    public BilledPart BillOnDisconnect { get; init; } = BilledPart.Full;

    public bool OmitUsage { get; init; }
    public bool ZeroUsage { get; init; }

    /// <summary>Reported in place of the truth; the bill stays true.</summary>
    public SimulatedUsage? ReportedUsage { get; init; }

    /// <summary>What a route that counts tokens answers in place of the truth.</summary>
    public long? ReportedCount { get; init; }

    /// <summary>Streams this many bytes, wherever that is, then drops the connection.</summary>
    public int? CutAfterBytes { get; init; }

    /// <summary>Where the usage of a streamed chat completion stands.</summary>
    public UsagePlace UsagePlace { get; init; }

    /// <summary>How the usage is written down.</summary>
    public UsageQuirks Quirks { get; init; }

    /// <summary>The tiers named in the answer, which multiply the price. Default: the standard one.</summary>
    public IReadOnlyList<string> ServedTiers { get; init; } = [];

    /// <summary>What is charged in place of usage times price, in microcents. It is stated where the provider states its charges.</summary>
    public long? FixedCharge { get; init; }

    /// <summary>The model named in the answer, whose price is charged. Default: the one asked for.</summary>
    public string? ServedModel { get; init; }

    /// <summary>What the model says. Default: filler of the right length.</summary>
    public Func<SimulatedRequest, SimulatedReply>? Reply { get; init; }

    /// <summary>Always says this.</summary>
    public static Behaviour Say(string text) => new() { Reply = _ => SimulatedReply.Say(text) };

    /// <summary>Calls the tool whenever it is offered, unless its result has just come in; then says that it is done.</summary>
    public static Behaviour CallTool(string name, string argumentsJson) => new()
    {
        Reply = request => request.Tools.Contains(name, StringComparer.Ordinal) && !request.EndsWithToolResult
            ? SimulatedReply.Call(name, argumentsJson)
            : SimulatedReply.Say("Done."),
    };

    /// <summary>Calls the tool every time, so that an agent loop never ends by itself.</summary>
    public static Behaviour CallToolForever(string name, string argumentsJson) =>
        new() { Reply = _ => SimulatedReply.Call(name, argumentsJson) };
}
