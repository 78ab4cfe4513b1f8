using System.Text.Json;
using SpendGuard.Metering;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads what an answer of OpenAI's wire formats, or an event of one, says of its cost.</summary>
internal static class OpenAIAnswer
{
    /// <param name="provider">Who bills for it: xAI counts reasoning beside the output.</param>
    /// <param name="answer">The answer or the event.</param>
    public static ServedCall Served(string provider, JsonElement answer)
    {
        var usage = answer.Find("usage");
        return Said(answer) with
        {
            Usage = usage is { } counted ? WithFees(OpenAIUsage.Read(counted, reasoningBeside: provider is "grok"), answer) : null,
            StatedCost = usage is { } charged ? OpenAIUsage.StatedCost(charged) : null,
        };
    }

    public static ServedCall Embedded(JsonElement answer) =>
        Said(answer) with { Usage = answer.Find("usage") is { } counted ? OpenAIUsage.ReadEmbeddings(counted) : null };

    private static ServedCall Said(JsonElement answer) => new(Usage: null, Text(answer, "model"), Text(answer, "service_tier"));

    /// <summary>Calls of hosted tools are not in the usage, but are items of a response's output.</summary>
    private static Usage? WithFees(Usage? usage, JsonElement answer) =>
        usage is not null && answer.Find("output") is { ValueKind: JsonValueKind.Array } output
            ? usage with { WebSearches = Items(output, "web_search_call"), FileSearches = Items(output, "file_search_call") }
            : usage;

    private static int Items(JsonElement output, string type) => output.EnumerateArray().Count(item => Text(item, "type") == type);

    private static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
