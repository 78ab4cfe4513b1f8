using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Anthropic's <c>count_tokens</c>, which takes the fields that are input and refuses all others.</summary>
internal sealed class AnthropicInputCount : IInputCount
{
    private static readonly string[] Counted =
        ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "cache_control"];

    public IReadOnlyList<string> Headers => [AnthropicWing.Version, AnthropicBetas.Header];

    public InputQuestion? Ask(Call call) => RemoteContent.IsIn(call.Body)
        ? null
        : new InputQuestion("/v1/messages/count_tokens", BodyRewrite.Keep(call.Body, Counted), call.Body.Find("tools") is not null)
        {
            Uncounted = AnthropicContextEdits.Placeholders(call.Body),
        };

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");
}
