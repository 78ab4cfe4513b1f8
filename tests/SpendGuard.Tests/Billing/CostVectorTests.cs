using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Calls;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Billing;

/// <summary>Holds bills to costs.json: rate card and usage to exact microcents, in total and by charge.</summary>
public class CostVectorTests
{
    private static readonly ModelKey Model = new("openai", "vector");

    public static TheoryData<int, string> Vectors()
    {
        var data = new TheoryData<int, string>();
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Billing", "costs.json")));
        foreach (var (vector, index) in document.RootElement.EnumerateArray().Select((vector, index) => (vector, index)))
        {
            data.Add(index, vector.GetRawText());
        }

        return data;
    }

    [Fact]
    public void Vectors_InTheFile_AreAllThere() => Assert.Equal(60, Vectors().Count);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Bill_OfAVector_MatchesToTheMicrocent(int index, string json)
    {
        _ = index;
        using var document = JsonDocument.Parse(json);
        var card = Assert.Single(RateCardReader.Read(Model, document.RootElement.GetProperty("rate_card")));

        var bill = Bill.For(UsageOf(document.RootElement.GetProperty("usage")), card);

        Assert.Equal(document.RootElement.GetProperty("realized_microcents").GetInt64(), bill.Total.Microcents);
        var charges = document.RootElement.GetProperty("charges").EnumerateObject()
            .Where(charge => charge.Value.GetDecimal() != 0)
            .ToDictionary(charge => charge.Name, charge => charge.Value.GetDecimal(), StringComparer.Ordinal);
        Assert.Equal(charges, ChargesOf(bill));
    }

    /// <summary>The counts of a vector overlap: input includes what was cached, output includes the reasoning.</summary>
    private static Usage UsageOf(JsonElement usage)
    {
        var input = Count(usage, "input_tokens");
        var output = Count(usage, "output_tokens");

        // Two vectors count more cached tokens than input tokens. What is not in the input was not billed.
        var cached = Math.Min(Count(usage, "cached_input_tokens"), input);
        var reasoning = Math.Min(Count(usage, "reasoning_tokens"), output);
        var tools = usage.TryGetProperty("tool_calls", out var calls) ? calls : default;
        return new Usage
        {
            Input = input - cached,
            CachedInput = cached,
            Output = output - reasoning,
            ReasoningOutput = reasoning,
            GroundingQueries = Count(usage, "grounding_queries"),
            WebSearches = Count(tools, "web_search_call"),
            FileSearches = Count(tools, "file_search_call"),
        };
    }

    private static Dictionary<string, decimal> ChargesOf(Bill bill)
    {
        var cached = bill.Usage.CachedInput > 0;
        var reasoning = bill.Usage.ReasoningOutput > 0;
        return bill.Lines.Where(line => line.Cost > ExactAmount.Zero).ToDictionary(
            line => line.Category switch
            {
                UsageCategory.Input => cached ? "input_tokens_uncached" : "input_tokens",
                UsageCategory.CachedInput => "input_tokens_cached",
                UsageCategory.Output => reasoning ? "output_tokens_non_reasoning" : "output_tokens",
                UsageCategory.ReasoningOutput => "output_tokens_reasoning",
                UsageCategory.GroundingQuery => "grounding_queries",
                UsageCategory.WebSearch => "tool_web_search_call",
                UsageCategory.FileSearch => "tool_file_search_call",
                _ => throw new InvalidOperationException($"No vector charges {line.Category}."),
            },
            line => line.Cost.Microcents,
            StringComparer.Ordinal);
    }

    private static long Count(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
