using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>What an answer of OpenAI's wire formats, or the part of a stream that stands for one, says of its cost.</summary>
internal static class OpenAIAnswer
{
    /// <param name="answer">The answer.</param>
    /// <param name="vendor">Who bills for it.</param>
    public static ProviderReport Report(JsonElement answer, Vendor vendor) => UsageJson.Find(answer, "usage") is { } counted
        ? Said(answer) with { Usage = Usage(answer, counted, vendor), StatedCost = vendor.StatedCost(counted) }
        : Said(answer);

    public static ProviderReport ReportEmbeddings(JsonElement answer) => Said(answer) with
    {
        Usage = UsageJson.Find(answer, "usage") is { } counted ? OpenAIUsage.ReadEmbeddings(counted) : null,
    };

    /// <summary>The later of two reports; what it leaves out stays as it was, but for the usage and the cost.</summary>
    public static ProviderReport After(this ProviderReport later, ProviderReport earlier) =>
        later with { Model = later.Model ?? earlier.Model, ServiceTier = later.ServiceTier ?? earlier.ServiceTier };

    private static ProviderReport Said(JsonElement answer) => new()
    {
        Model = UsageJson.Text(answer, "model"),
        ServiceTier = UsageJson.Text(answer, "service_tier"),
    };

    /// <summary>Calls of hosted tools are not in the <c>usage</c>, but items of the output.</summary>
    private static Usage? Usage(JsonElement answer, JsonElement counted, Vendor vendor)
    {
        var usage = OpenAIUsage.Read(counted, vendor.Reasoning);
        return usage is not null && UsageJson.Find(answer, "output") is { ValueKind: JsonValueKind.Array } output
            ? usage with { WebSearches = Items(output, "web_search_call"), FileSearches = Items(output, "file_search_call") }
            : usage;
    }

    private static int Items(JsonElement output, string type) => output.EnumerateArray().Count(item => UsageJson.Text(item, "type") == type);
}
