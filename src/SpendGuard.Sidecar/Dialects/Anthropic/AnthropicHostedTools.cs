using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The searches that Anthropic runs for a message. Each tool has a limit of its own.</summary>
internal static class AnthropicHostedTools
{
    private const string Limit = "max_uses";

    /// <summary>What is written anew where there are some.</summary>
    public static string[] Rewritten(JsonElement body) => AreIn(body) ? ["tools", "tool_choice"] : [];

    /// <exception cref="BadRequestException">Too many are asked for, or one may be called by code that the provider runs.</exception>
    public static HostedCalls? Of(JsonElement body)
    {
        var hosted = new HostedTools();
        var (least, most) = (0, 0L);
        foreach (var tool in body.FindArray("tools"))
        {
            if (!IsSearch(tool))
            {
                continue;
            }

            var type = tool.FindString("type")!;
            RequireDirect(tool, type);
            var limit = tool.FindCount(Limit);
            if (limit > HostedTools.MostCalls || (most += limit ?? HostedTools.UnaskedCalls) > HostedTools.MostCalls)
            {
                throw HostedTools.TooMany(type, Limit);
            }

            hosted.Add(type, UsageCategory.WebSearch);
            least = limit > 0 || IsChosen(body, tool) ? 1 : least;
        }

        return hosted.Calls(least, (int)most);
    }

    /// <summary>
    /// Writes the tools with the limit that was granted, shared out among them in their order. Anthropic takes no limit below one: a tool that
    /// gets none is left out.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement body, int granted)
    {
        if (!AreIn(body))
        {
            return;
        }

        var left = (long)granted;
        HostedTools.WriteTools(body, writer, (tool, tools) =>
        {
            if (!IsSearch(tool))
            {
                tools.WriteRawValue(tool.GetRawText(), skipInputValidation: true);
                return true;
            }

            var share = Math.Min(left, tool.FindCount(Limit) ?? HostedTools.UnaskedCalls);
            left -= share;
            if (share == 0)
            {
                return false;
            }

            BodyRewrite.WriteObject(tools, tool, name => name == Limit, inner => inner.WriteNumber(Limit, share));
            return true;
        });
    }

    private static bool AreIn(JsonElement body) => body.FindArray("tools").Any(IsSearch);

    private static bool IsSearch(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.FindString("type")?.StartsWith("web_search_", StringComparison.Ordinal) == true;

    /// <summary>Whether the model is told to call it: without it, the provider refuses the request.</summary>
    private static bool IsChosen(JsonElement body, JsonElement tool) =>
        body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice && choice.FindString("name") is { } name && name == tool.FindString("name");

    /// <summary>Code calls a tool as often as it likes, and the model is run on what comes of it. The newer versions let it unless told not to.</summary>
    private static void RequireDirect(JsonElement tool, string type)
    {
        var callers = tool.FindArray("allowed_callers").ToList();
        var isDirect = callers.Count == 0 ? type is "web_search_20250305" : callers.All(caller => caller.ValueKind == JsonValueKind.String && caller.ValueEquals("direct"u8));
        if (!isDirect)
        {
            throw new BadRequestException(
                $"Tool '{type}' is refused: how often code calls it has no bound. Set 'allowed_callers' to [\"direct\"].");
        }
    }
}
