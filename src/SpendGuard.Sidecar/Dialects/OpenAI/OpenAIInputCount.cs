using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>OpenAI's count of a response's input. Providers that speak its format have none.</summary>
internal sealed class OpenAIInputCount : IInputCount
{
    public const string Path = "/responses/input_tokens";

    private static readonly string[] Counted =
        ["model", "input", "instructions", "tools", "tool_choice", "text", "reasoning", "parallel_tool_calls", "truncation"];

    public InputQuestion? Ask(DialectRequest request) => request.Provider is not "openai" || RemoteContent.IsIn(request.Body)
        ? null
        : new InputQuestion(Path, BodyRewrite.Keep(request.Body, Counted), request.Body.Find("tools") is not null);

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");
}
