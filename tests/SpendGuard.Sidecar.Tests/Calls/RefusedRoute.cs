using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A route that an SDK calls, and what its client understands of a refusal.</summary>
/// <param name="Provider">Whom it calls.</param>
/// <param name="Model">A model of theirs that has a price.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Body">A request without a cap, where one may be left out.</param>
internal sealed record RefusedRoute(string Provider, string Model, string Path, string Body)
{
    /// <summary>Which texts a coding agent takes for a reason to send again.</summary>
    public static readonly string[] Searched = ["429", "500", "502", "503", "504", "524"];

    public static readonly RefusedRoute[] All =
    [
        new("openai", "gpt-4o", "/v1/chat/completions", """{"model":"MODEL","messages":[{"role":"user","content":"PROMPT"}]}"""),
        new("openai", "gpt-4o", "/v1/chat/completions", """{"model":"MODEL","stream":true,"messages":[{"role":"user","content":"PROMPT"}]}"""),
        new("openai", "gpt-4o", "/v1/responses", """{"model":"MODEL","input":"PROMPT"}"""),
        new("openai", "text-embedding-3-small", "/v1/embeddings", """{"model":"MODEL","input":"PROMPT"}"""),
        new("grok", "grok-3", "/grok/v1/chat/completions", """{"model":"MODEL","messages":[{"role":"user","content":"PROMPT"}]}"""),
        new("anthropic", "claude-sonnet-5", "/v1/messages", """{"model":"MODEL","max_tokens":20,"messages":[{"role":"user","content":"PROMPT"}]}"""),
        new("gemini", "gemini-2.5-flash", "/v1beta/models/MODEL:generateContent", """{"contents":[{"parts":[{"text":"PROMPT"}]}]}"""),
        new("gemini", "gemini-2.5-flash", "/v1beta/models/MODEL:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"PROMPT"}]}]}"""),
    ];

    public string PathOf(string model) => Path.Replace("MODEL", model, StringComparison.Ordinal);

    public string BodyOf(string model, string prompt = "hello") =>
        Body.Replace("MODEL", model, StringComparison.Ordinal).Replace("PROMPT", prompt, StringComparison.Ordinal);

    /// <summary>It has the provider's own form, a sentence, and in that nothing which is taken for a status.</summary>
    public void AssertEnvelope(int status, JsonNode body, string where)
    {
        Assert.True(body["detail"] is JsonValue, where);
        var error = body["error"];
        var message = (string?)error?["message"];
        Assert.True(message is { Length: > 10 }, where);
        Assert.False(Array.Exists(Searched, figure => message.Contains(figure, StringComparison.Ordinal)), where);
        switch (Provider)
        {
            case "anthropic":
                Assert.True((string?)body["type"] == "error" && error!["type"] is JsonValue, where);
                break;
            case "gemini":
                Assert.True((int?)error!["code"] == status && error["status"] is JsonValue, where);
                break;
            default:
                Assert.True(error!["type"] is JsonValue && error.AsObject().ContainsKey("code") && error.AsObject().ContainsKey("param"), where);
                break;
        }
    }
}
