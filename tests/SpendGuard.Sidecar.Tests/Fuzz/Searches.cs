using System.Text.Json;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Searches that a provider runs: what becomes of a request with them.</summary>
internal static class Searches
{
    private static readonly string[] Limits = ["max_uses", "max_tool_calls"];

    /// <summary>What may be written anew; how, <see cref="AssertOnlyTheyDiffer"/> tells.</summary>
    public static string[] Pinned { get; } = ["tools", "tool_choice", "max_tool_calls"];

    /// <summary>Other tools go on as they came. A search differs in its limit alone, or is left out; without any tool, nothing is said of tools.</summary>
    /// <param name="body">The request.</param>
    /// <param name="capped">What is sent.</param>
    /// <param name="granted">How many searches the hold pays for.</param>
    public static void AssertOnlyTheyDiffer(JsonElement body, JsonElement capped, int granted)
    {
        var (before, after) = (body.FindArray("tools").ToList(), capped.FindArray("tools").ToList());
        Assert.Equal(before.Where(tool => !IsOne(tool)).Select(Text), after.Where(tool => !IsOne(tool)).Select(Text));
        var left = new Queue<string>(before.Where(IsOne).Select(WithoutLimit));
        foreach (var search in after.Where(IsOne).Select(WithoutLimit))
        {
            while (left.Count > 0 && left.Peek() != search)
            {
                left.Dequeue();
            }

            Assert.True(left.TryDequeue(out _), $"Nobody asked for {search}.");
        }

        Assert.InRange(Allowed(capped, after), 0, granted);
        Assert.Equal(granted > 0, after.Any(IsOne));
        Assert.Equal(after.Count > 0 ? body.Find("tool_choice")?.GetRawText() : null, capped.Find("tool_choice")?.GetRawText());
    }

    /// <summary>How many the provider may run by what it is sent.</summary>
    private static long Allowed(JsonElement capped, List<JsonElement> tools) => capped.FindCount("max_tool_calls")
        ?? tools.Where(IsOne).Sum(tool => tool.FindCount("max_uses") ?? long.MaxValue);

    private static bool IsOne(JsonElement tool) => tool.ValueKind == JsonValueKind.Object && tool.Find("type") is { ValueKind: JsonValueKind.String } type
        && (type.ValueEquals("file_search") || type.ValueEquals("web_search") || type.GetString()!.StartsWith("web_search_2", StringComparison.Ordinal));

    private static string Text(JsonElement tool) => tool.GetRawText();

    private static string WithoutLimit(JsonElement tool) => string.Join(
        '\n', tool.EnumerateObject().Where(field => !Limits.Contains(field.Name, StringComparer.Ordinal)).Select(field => $"{field.Name}:{field.Value.GetRawText()}"));
}
