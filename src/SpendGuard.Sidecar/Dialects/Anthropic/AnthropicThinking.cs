using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Thinking, which is within the output cap.</summary>
internal static class AnthropicThinking
{
    public static bool IsAskedFor(JsonElement body) => Of(body) is { } thinking && TypeOf(thinking) is "enabled" or "adaptive";

    /// <summary>The least that the provider takes for a cap: more than what is set apart for thinking. Null where nothing is.</summary>
    public static long? LeastOutput(JsonElement body) =>
        Of(body) is { } thinking && TypeOf(thinking) is "enabled" && thinking.Find("budget_tokens") is { ValueKind: JsonValueKind.Number } budget
        && budget.TryGetInt64(out var tokens) && tokens is > 0 and < long.MaxValue
            ? tokens + 1
            : null;

    private static JsonElement? Of(JsonElement body) => body.Find("thinking") is { ValueKind: JsonValueKind.Object } thinking ? thinking : null;

    private static string? TypeOf(JsonElement thinking) => thinking.Find("type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : null;
}
