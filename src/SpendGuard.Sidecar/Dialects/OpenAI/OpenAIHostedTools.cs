using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The searches that OpenAI runs for a response. <c>max_tool_calls</c> limits them all together.</summary>
internal static class OpenAIHostedTools
{
    private const string Limit = "max_tool_calls";

    /// <summary>What is written anew where there are some.</summary>
    public static string[] Rewritten(JsonElement body) => AreIn(body) ? ["tools", "tool_choice", Limit] : [];

    /// <exception cref="BadRequestException">Too many are asked for, or one belongs to another provider.</exception>
    public static HostedCalls? Of(Call call)
    {
        var hosted = new HostedTools();
        var forced = false;
        var limit = call.Body.FindCount(Limit);
        foreach (var tool in call.Body.FindArray("tools"))
        {
            if (CategoryOf(tool) is not { } category)
            {
                continue;
            }

            var name = tool.FindString("type")!;
            if (call.Provider is not "openai")
            {
                throw new BadRequestException($"Tool '{name}' is refused: how often {call.Provider} runs it has no bound. Leave it out.");
            }

            if (limit > HostedTools.MostCalls)
            {
                throw HostedTools.TooMany(name, Limit);
            }

            hosted.Add(name, category);
            forced |= IsChosen(call.Body, name);
        }

        return hosted.Calls(forced || limit > 0 ? 1 : 0, (int)(limit ?? HostedTools.UnaskedCalls));
    }

    /// <summary>
    /// Writes the tools with the limit that was granted. Whether OpenAI takes a limit of none is not published: the tools that it would run
    /// are left out then.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement body, int granted)
    {
        if (!AreIn(body))
        {
            return;
        }

        HostedTools.WriteTools(body, writer, (tool, tools) =>
        {
            if (granted == 0 && CategoryOf(tool) is not null)
            {
                return false;
            }

            tools.WriteRawValue(tool.GetRawText(), skipInputValidation: true);
            return true;
        });
        if (granted > 0)
        {
            writer.WriteNumber(Limit, granted);
        }
    }

    private static bool AreIn(JsonElement body) => body.FindArray("tools").Any(tool => CategoryOf(tool) is not null);

    /// <summary>Whether the model is told to call it: without it, the provider refuses the request.</summary>
    private static bool IsChosen(JsonElement body, string name) =>
        body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice && choice.GetRawText().Contains(name, StringComparison.Ordinal);

    private static UsageCategory? CategoryOf(JsonElement tool) => tool.ValueKind != JsonValueKind.Object ? null : tool.FindString("type") switch
    {
        "web_search" or "web_search_2025_08_26" => UsageCategory.WebSearch,
        "file_search" => UsageCategory.FileSearch,
        _ => null,
    };
}
