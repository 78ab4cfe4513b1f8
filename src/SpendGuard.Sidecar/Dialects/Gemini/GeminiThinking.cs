using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Thinking, which is within the output cap.</summary>
internal static class GeminiThinking
{
    /// <summary>Whether the model is told to think or not to; null where it is told neither.</summary>
    /// <param name="config">The request's settings of it; null for none.</param>
    public static bool? IsAskedFor(JsonElement? config) => config switch
    {
        null => null,
        { } told when told.FindField("thinkingBudget") is { ValueKind: JsonValueKind.Number } budget =>
            !budget.TryGetInt64(out var tokens) || tokens != 0,
        { } told => told.FindField("thinkingLevel") is null ? null : true,
    };
}
