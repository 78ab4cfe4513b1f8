using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.OpenAI;

/// <summary>What an answer of OpenAI's wire formats, or the part of a stream that stands for one, says of its cost.</summary>
internal static class OpenAIAnswer
{
    /// <param name="answer">The answer.</param>
    /// <param name="vendor">Who bills for it.</param>
    /// <param name="earlier">Where earlier parts of the same stream have told a usage; null for an answer that is all there is.</param>
    public static ProviderReport Report(JsonElement answer, Vendor vendor, UsagePlaces? earlier = null)
    {
        var places = earlier ?? new UsagePlaces();
        places.Read(answer);
        return places.Told is { } told ? Said(answer).With(OpenAIUsage.Read(told, vendor, HasText(answer))).Searched(answer) : Said(answer);
    }

    /// <summary>Which model it was, and at which tier.</summary>
    public static ProviderReport Said(JsonElement answer) => new()
    {
        Model = UsageJson.Text(answer, "model"),
        ServiceTier = UsageJson.Text(answer, "service_tier"),
    };

    /// <summary>The later of two reports; what it leaves out stays as it was, but for the usage and the cost.</summary>
    public static ProviderReport After(this ProviderReport later, ProviderReport earlier) =>
        later with { Model = later.Model ?? earlier.Model, ServiceTier = later.ServiceTier ?? earlier.ServiceTier };

    /// <summary>A choice of a chat completion, or of a chunk of one, has some of the answer in it, and not only who speaks.</summary>
    public static bool HasText(this JsonElement choice, string of) =>
        UsageJson.Object(choice, of) is { } said && said.EnumerateObject().Any(member => !member.NameEquals("role") && IsSomething(member.Value));

    public static JsonElement.ArrayEnumerator Choices(JsonElement answer) =>
        UsageJson.Find(answer, "choices") is { ValueKind: JsonValueKind.Array } choices ? choices.EnumerateArray() : default;

    private static bool HasText(JsonElement answer) =>
        Choices(answer).Any(choice => choice.HasText("message")) || Items(answer).Any(item => UsageJson.Text(item, "type") is "message" or "function_call");

    private static bool IsSomething(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => true,
        _ => false,
    };

    /// <summary>Calls of hosted tools are not in the <c>usage</c>, but items of the output.</summary>
    private static ProviderReport Searched(this ProviderReport report, JsonElement answer) => report with
    {
        Usage = report.Usage is not { } usage ? null : usage with
        {
            WebSearches = Math.Max(usage.WebSearches, Items(answer).Count(IsSearch)),
            FileSearches = Items(answer).Count(item => UsageJson.Text(item, "type") == "file_search_call"),
        },
    };

    /// <summary>Opening a page that was found, or looking for something in it, is not said to cost anything.</summary>
    private static bool IsSearch(JsonElement item) =>
        UsageJson.Text(item, "type") == "web_search_call"
        && !(UsageJson.Object(item, "action") is { } action && UsageJson.Text(action, "type") is "open_page" or "find_in_page");

    private static JsonElement.ArrayEnumerator Items(JsonElement answer) =>
        UsageJson.Find(answer, "output") is { ValueKind: JsonValueKind.Array } output ? output.EnumerateArray() : default;
}
