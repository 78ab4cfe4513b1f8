using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>
/// Anthropic's <c>count_tokens</c>, which takes the fields that are input and refuses all others, and tools that it runs itself. Those are left
/// out: a call that is granted none of them is sent without them, and one that is granted some is held by the model's maximum input.
/// </summary>
internal sealed class AnthropicInputCount : IInputCount
{
    private static readonly string[] Counted =
        ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "cache_control"];

    public IReadOnlyList<string> Headers => [AnthropicWing.Version, AnthropicBetas.Header];

    public InputQuestion? Ask(Call call) => RemoteContent.IsIn(call.Body)
        ? null
        : new InputQuestion("/v1/messages/count_tokens", Question(call.Body), call.Body.Find("tools") is not null)
        {
            Uncounted = AnthropicContextEdits.Placeholders(call.Body),
        };

    private static ReadOnlyMemory<byte> Question(JsonElement body) => BodyRewrite.Keep(
        body, [.. Counted.Except(AnthropicHostedTools.Rewritten(body), StringComparer.Ordinal)], writer => AnthropicHostedTools.Write(writer, body, granted: 0));

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");
}
