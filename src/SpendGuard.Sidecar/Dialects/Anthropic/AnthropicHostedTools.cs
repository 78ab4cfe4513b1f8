using System.Text.Json;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The searches that Anthropic runs for a message. Each tool has a limit of its own.</summary>
internal static class AnthropicHostedTools
{
    private const string Limit = "max_uses";

    /// <exception cref="BadRequestException">One of them has no limit, or may be called by code that the provider runs.</exception>
    public static HostedTools Of(JsonElement body)
    {
        var hosted = HostedTools.None;
        foreach (var tool in body.FindArray("tools"))
        {
            if (tool.ValueKind == JsonValueKind.Object
                && tool.FindString("type") is { } type
                && type.StartsWith("web_search_", StringComparison.Ordinal))
            {
                RequireDirect(tool, type);
                hosted = tool.FindCount(Limit) is { } calls && calls <= HostedTools.MostCalls - hosted.Calls.GetValueOrDefault(UsageCategory.WebSearch)
                    ? hosted.With(UsageCategory.WebSearch, calls, type)
                    : throw HostedTools.Unlimited(type, Limit);
            }
        }

        return hosted;
    }

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
