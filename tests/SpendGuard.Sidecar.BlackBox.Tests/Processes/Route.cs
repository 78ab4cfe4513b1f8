namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>A route of metered calls, and a call that it takes.</summary>
/// <param name="Path">The path, with places for the agent and the run if it names them.</param>
/// <param name="Provider">Who bills, as prices name it.</param>
/// <param name="Upstream">The path that the provider sees.</param>
/// <param name="KeyHeader">The header in which the provider gets its key.</param>
/// <param name="Key">What stands in it.</param>
/// <param name="Body">A call.</param>
public sealed record Route(string Path, string Provider, string Upstream, string KeyHeader, string Key, string Body)
{
    private const string Runs = "/v1/agents/{agent}/runs/{run}/";
    private const string Chat = """{"model":"MODEL","messages":[{"role":"user","content":"How are you?"}],"max_completion_tokens":100}""";
    private const string Response = """{"model":"MODEL","input":"How are you?","max_output_tokens":100}""";
    private const string Embedding = """{"model":"text-embedding-3-small","input":"How are you?"}""";
    private const string Message = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"How are you?"}],"max_tokens":100}""";
    private const string Content = """{"contents":[{"role":"user","parts":[{"text":"How are you?"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    public static Route OpenAIChat { get; } = OpenAI("/v1/chat/completions", "/chat/completions", Chat);

    public static Route OpenAIResponses { get; } = OpenAI("/v1/responses", "/responses", Response);

    public static Route OpenAIEmbeddings { get; } = OpenAI("/v1/embeddings", "/embeddings", Embedding);

    public static Route OpenAIChatRun { get; } = OpenAI(Runs + "openai/chat/completions", "/chat/completions", Chat);

    public static Route OpenAIResponsesRun { get; } = OpenAI(Runs + "openai/responses", "/responses", Response);

    public static Route GrokChat { get; } = Grok("/grok/v1/chat/completions", "/chat/completions", Chat);

    public static Route GrokResponses { get; } = Grok("/grok/v1/responses", "/responses", Response);

    public static Route GrokChatRun { get; } = Grok(Runs + "grok/chat/completions", "/chat/completions", Chat);

    public static Route GrokResponsesRun { get; } = Grok(Runs + "grok/responses", "/responses", Response);

    public static Route AnthropicMessages { get; } = Anthropic("/v1/messages");

    public static Route AnthropicMessagesRun { get; } = Anthropic(Runs + "anthropic/messages");

    public static Route GeminiContent { get; } = Gemini("/v1beta/models/gemini-2.5-flash:generateContent", ":generateContent", Content);

    public static Route GeminiStream { get; } =
        Gemini("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", ":streamGenerateContent", Content);

    public static Route GeminiContentRun { get; } = Gemini(
        Runs + "gemini/generateContent", ":generateContent", """{"model":"gemini-2.5-flash","prompt":"How are you?","max_tokens":100}""");

    public static IReadOnlyList<Route> All { get; } =
    [
        OpenAIChat, OpenAIResponses, OpenAIEmbeddings, OpenAIChatRun, OpenAIResponsesRun,
        GrokChat, GrokResponses, GrokChatRun, GrokResponsesRun,
        AnthropicMessages, AnthropicMessagesRun, GeminiContent, GeminiStream, GeminiContentRun,
    ];

    public bool NamesAgent => Path.Contains("{agent}", StringComparison.Ordinal);

    /// <summary>Whether the model is named in the path and not in the body.</summary>
    public bool NamesModel => this == GeminiContent || this == GeminiStream;

    public string Model => Provider switch
    {
        "openai" => this == OpenAIEmbeddings ? "text-embedding-3-small" : "gpt-4o",
        "grok" => "grok-2",
        "anthropic" => "claude-haiku-4-5",
        _ => "gemini-2.5-flash",
    };

    /// <summary>The same for another model.</summary>
    public Route Of(string model) => this with
    {
        Path = Path.Replace(Model, model, StringComparison.Ordinal),
        Body = Body.Replace(Model, model, StringComparison.Ordinal),
    };

    /// <summary>The same with another field in its body.</summary>
    public string BodyWith(string fields) => Body[..^1] + "," + fields + "}";

    public override string ToString() => Path;

    private static Route OpenAI(string path, string upstream, string body) =>
        new(path, "openai", "/v1" + upstream, "Authorization", "Bearer key-of-openai", body.Replace("MODEL", "gpt-4o", StringComparison.Ordinal));

    private static Route Grok(string path, string upstream, string body) => new(
        path, "grok", "/grok-upstream/v1" + upstream, "Authorization", "Bearer key-of-xai",
        body.Replace("MODEL", "grok-2", StringComparison.Ordinal));

    private static Route Anthropic(string path) => new(path, "anthropic", "/v1/messages", "x-api-key", "key-of-anthropic", Message);

    private static Route Gemini(string path, string method, string body) =>
        new(path, "gemini", "/v1beta/models/gemini-2.5-flash" + method, "x-goog-api-key", "key-of-gemini", body);
}

/// <summary>The routes for theories, by their paths so that each is a test of its own.</summary>
public sealed class EveryRoute : TheoryData<string>
{
    public EveryRoute() => AddRange([.. Route.All.Select(route => route.Path)]);

    public static Route Find(string path) => Route.All.Single(route => route.Path == path);
}
