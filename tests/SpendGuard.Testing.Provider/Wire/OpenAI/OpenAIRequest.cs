using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>What OpenAI's formats have in common.</summary>
internal static class OpenAIRequest
{
    public static bool AllowsParallelCalls(JsonObject body) => body["parallel_tool_calls"]?.GetValueKind() != JsonValueKind.False;
}
