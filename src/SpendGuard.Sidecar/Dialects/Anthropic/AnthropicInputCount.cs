using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Anthropic's <c>count_tokens</c>, which takes the fields that are input and refuses all others.</summary>
internal sealed class AnthropicInputCount : IInputCount
{
    private static readonly string[] Counted =
        ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "cache_control"];

    public IReadOnlyList<string> Headers => [AnthropicWing.Version, AnthropicBetas.Header];

    public InputQuestion? Ask(DialectRequest request) => RemoteContent.IsIn(request.Body)
        ? null
        : new InputQuestion("/v1/messages/count_tokens", BodyRewrite.Keep(request.Body, Counted), request.Body.Find("tools") is not null);

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");
}
