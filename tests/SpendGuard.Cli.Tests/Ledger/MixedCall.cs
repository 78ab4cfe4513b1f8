namespace SpendGuard.Cli.Tests.Ledger;

/// <summary>A call of one of four providers, streamed or not.</summary>
internal sealed record MixedCall(string Path, string Body)
{
    public static IReadOnlyList<string> Models { get; } =
        ["claude-haiku-4-5", "claude-sonnet-5", "gemini-2.5-flash", "gpt-4o", "gpt-4o-mini", "grok-4.6", "text-embedding-3-small"];

    public static MixedCall Make(Random random)
    {
        var words = string.Join(' ', Enumerable.Repeat("hello", random.Next(1, 30)));
        var cap = random.Next(20, 60);
        var stream = random.Next(2) == 0;
        return random.Next(8) switch
        {
            0 => Chat("/v1/chat/completions", "gpt-4o", words, cap, stream),
            1 => Chat("/v1/chat/completions", "gpt-4o-mini", words, cap, stream),
            2 => new("/v1/responses", $$"""{"model":"gpt-4o-mini","input":"{{words}}","max_output_tokens":{{cap}},"stream":{{Json(stream)}}}"""),
            3 => new("/v1/embeddings", $$"""{"model":"text-embedding-3-small","input":"{{words}}"}"""),
            4 => Messages("claude-haiku-4-5", words, cap, stream),
            5 => Messages("claude-sonnet-5", words, cap, stream),
            6 => new(
                $"/v1beta/models/gemini-2.5-flash:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
                $$"""{"contents":[{"role":"user","parts":[{"text":"{{words}}"}]}],"generationConfig":{"maxOutputTokens":{{cap}} } }"""),
            _ => Chat("/grok/v1/chat/completions", "grok-4.6", words, cap, stream),
        };
    }

    public static string ProviderOf(string model) => model.Split('-')[0] switch
    {
        "claude" => "anthropic",
        "gemini" => "gemini",
        "grok" => "grok",
        _ => "openai",
    };

    private static MixedCall Chat(string path, string model, string words, int cap, bool stream) => new(
        path,
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{words}}"}],"max_completion_tokens":{{cap}},"stream":{{Json(stream)}}}""");

    private static MixedCall Messages(string model, string words, int cap, bool stream) => new(
        "/v1/messages",
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{words}}"}],"max_tokens":{{cap}},"stream":{{Json(stream)}}}""");

    private static string Json(bool value) => value ? "true" : "false";
}
