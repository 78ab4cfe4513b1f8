using System.Text.Json;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The searches that OpenAI runs for a response. <c>max_tool_calls</c> limits them all together.</summary>
internal static class OpenAIHostedTools
{
    /// <exception cref="BadRequestException">One of them has no limit, or belongs to another provider.</exception>
    public static HostedTools Of(Call call)
    {
        var hosted = HostedTools.None;
        foreach (var tool in call.Body.FindArray("tools"))
        {
            if (tool.ValueKind == JsonValueKind.Object && CategoryOf(tool.FindString("type")) is { } category)
            {
                hosted = hosted.With(category, Limit(call, tool.FindString("type")!), tool.FindString("type")!);
            }
        }

        return hosted;
    }

    private static long Limit(Call call, string tool)
    {
        if (call.Provider is not "openai")
        {
            throw new BadRequestException($"Tool '{tool}' is refused: how often {call.Provider} runs it has no bound. Leave it out.");
        }

        return call.Body.FindCount("max_tool_calls") is <= HostedTools.MostCalls and { } limit
            ? limit
            : throw HostedTools.Unlimited(tool, "max_tool_calls");
    }

    private static UsageCategory? CategoryOf(string? type) => type switch
    {
        "web_search" or "web_search_2025_08_26" => UsageCategory.WebSearch,
        "file_search" => UsageCategory.FileSearch,
        _ => null,
    };
}
