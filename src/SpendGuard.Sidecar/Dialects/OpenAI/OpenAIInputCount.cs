using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>OpenAI's count of a response's input. Providers that speak its format have none.</summary>
internal sealed class OpenAIInputCount : IInputCount
{
    public const string Path = "/responses/input_tokens";

    /// <summary>Without it, tools that come as items of the input are refused.</summary>
    private const string ToolsInInput = "x-openai-internal-codex-responses-lite";

    private static readonly string[] Counted =
        ["model", "input", "instructions", "tools", "tool_choice", "text", "reasoning", "parallel_tool_calls", "truncation"];

    public IReadOnlyList<string> Headers => [ToolsInInput];

    public InputQuestion? Ask(Call call) => call.Provider is not "openai" || RemoteContent.IsIn(call.Body)
        ? null
        : new InputQuestion(Path, BodyRewrite.Keep(call.Body, Counted), call.Body.Find("tools") is not null);

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");
}
