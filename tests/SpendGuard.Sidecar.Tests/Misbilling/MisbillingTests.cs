using System.Text;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Providers.Gemini;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;

namespace SpendGuard.Sidecar.Tests.Misbilling;

/// <summary>
/// Calls that other gateways and meters have billed wrongly, with the figures of their bug reports. The source of each case is named
/// beside it; here they have to come to what the provider billed.
/// </summary>
public sealed partial class MisbillingTests
{
    private static readonly PriceBook Book = PriceBook.LoadBundled();

    /// <summary>litellm#9812, bifrost#3451, Portkey#1754: $0.091311 in place of $0.054399.</summary>
    [Fact]
    public void T1_CacheWrite_IsNotBilledAsInputToo()
    {
        var usage = Anthropic("""{ "input_tokens": 3, "cache_creation_input_tokens": 12304, "cache_read_input_tokens": 0, "output_tokens": 550 }""");

        Assert.Equal(0.054399m, Dollars(usage, Rates(300, 1_500, cached: 30, written: 375)));
    }

    /// <summary>langfuse#10592, #12306: cached tokens added to an input that has them already, 35,720 tokens in place of 17,903.</summary>
    [Fact]
    public void T2_CachedTokens_ArePartOfTheInput()
    {
        var usage = OpenAI(
            """{ "prompt_tokens": 17903, "completion_tokens": 10, "total_tokens": 17913, "prompt_tokens_details": { "cached_tokens": 17817 } }""");

        Assert.Equal(new Usage { Input = 86, CachedInput = 17_817, Output = 10 }, usage);
        Assert.Equal(17_903, usage.TotalInput);
    }

    /// <summary>sub2api#5771, vercel/ai#12425, inspect_ai#5528: xAI's reasoning is beside the completion, and only the total tells.</summary>
    [Theory]
    [InlineData("grok-4.3")]
    [InlineData("grok-4.20-0309-reasoning")]
    public void T3_ReasoningBesideTheCompletion_IsBilledToWhatXaiStates(string model)
    {
        var told = OpenAI("grok", Grok(232_856_000));
        var usage = told.Usage!;

        Assert.Equal((1_499 + 2_809, 14_428), (usage.TotalOutput, usage.TotalInput + usage.TotalOutput));
        Assert.Equal(0.0232856m, told.StatedCost!.Value.ToDollars());
        Assert.Equal(0.0232856m, Dollars(usage, Card("grok", model)));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 1)]
    [InlineData("101", 2)]
    [InlineData("0", null)]
    [InlineData("-100", null)]
    [InlineData("1.5", null)]
    [InlineData("\"100\"", null)]
    [InlineData("null", null)]
    [InlineData("9223372036854775807", null)]
    public void T3_StatedCost_IsRoundedUp_AndNeverNothing(string ticks, int? microcents) =>
        Assert.Equal(microcents, OpenAI("grok", $$"""{ "cost_in_usd_ticks": {{ticks}} }""").StatedCost?.Microcents);

    /// <summary>promptfoo#9507, the opposite of T3: where the total says that reasoning is within the completion, it is not added.</summary>
    [Fact]
    public void T4_ReasoningWithinTheCompletion_IsNotAdded()
    {
        var usage = OpenAI("""
            { "prompt_tokens": 500, "completion_tokens": 500, "total_tokens": 1000, "completion_tokens_details": { "reasoning_tokens": 200 } }
            """);

        Assert.Equal(new Usage { Input = 500, Output = 300, ReasoningOutput = 200 }, usage);
    }

    /// <summary>vercel/ai#6082: thoughts were left out.</summary>
    [Fact]
    public void T5_Thoughts_AreBilled()
    {
        var usage = Gemini("""{ "promptTokenCount": 7477, "candidatesTokenCount": 2060, "thoughtsTokenCount": 1939, "totalTokenCount": 11476 }""");

        Assert.Equal(((7_477 * 200) + ((2_060 + 1_939) * 1_200)) / 100_000_000m, Dollars(usage, Card("gemini", "gemini-3.1-pro-preview")));
    }

    /// <summary>agno#6624: the chunks' running counts were added up, 10 to 17 times the cost.</summary>
    [Fact]
    public void T6_RunningCounts_AreNotAddedUp()
    {
        var events = new GeminiEvents();
        for (var output = 1; output <= 17; output++)
        {
            var end = output == 17 ? """, "finishReason": "STOP" """ : "";
            events.Observe(Encoding.UTF8.GetBytes($$"""
                { "candidates": [{ "index": 0{{end}} }],
                  "usageMetadata": { "promptTokenCount": 1000, "candidatesTokenCount": {{output}}, "totalTokenCount": {{1_000 + output}} } }
                """));
        }

        Assert.Equal(new Usage { Input = 1_000, Output = 17 }, events.Report.Usage);
    }

    /// <summary>tensorzero#5481: 1 + 15 made 16. laravel/ai#996: input that hosted tools brought in later was left out.</summary>
    [Fact]
    public void T7_LaterReports_TakeThePlaceOfEarlierOnes()
    {
        var events = new AnthropicEvents(new AnthropicMessageReader(longCacheWrites: false));
        events.Observe("""{ "type": "message_start", "message": { "model": "m", "usage": { "input_tokens": 2679, "output_tokens": 1 } } }"""u8);
        events.Observe("""{ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "input_tokens": 10682, "output_tokens": 15 } }"""u8);
        events.Observe("""{ "type": "message_stop" }"""u8);

        Assert.Equal(new Usage { Input = 10_682, Output = 15 }, events.Report.Usage);
    }

    /// <summary>pydantic-ai#5065: the counts at the top leave 180,000 tokens of a compaction out.</summary>
    [Fact]
    public void T9_Compaction_IsBilled()
    {
        var usage = Anthropic("""
            { "input_tokens": 23000, "output_tokens": 1000, "iterations": [
                { "type": "compaction", "input_tokens": 180000, "output_tokens": 3500 },
                { "type": "message", "input_tokens": 23000, "output_tokens": 1000 }] }
            """);

        Assert.Equal((203_000, 4_500), (usage.TotalInput, usage.TotalOutput));
    }

    /// <summary>bifrost#6500: a model that declined before it said anything is not billed.</summary>
    [Fact]
    public void T9_DeclinedBeforeAFallback_IsNotBilled()
    {
        var usage = Anthropic("""
            { "input_tokens": 500, "output_tokens": 80, "iterations": [
                { "type": "message", "input_tokens": 500, "output_tokens": 0 },
                { "type": "fallback_message", "input_tokens": 500, "output_tokens": 80 }] }
            """);

        Assert.Equal((500, 80), (usage.TotalInput, usage.TotalOutput));
    }

    /// <summary>litellm#33772, #35127: $0.86 in place of $0.16625.</summary>
    [Fact]
    public void T10_CacheWriteTokensDropped_AreBilled()
    {
        var usage = OpenAI("""
            { "prompt_tokens": 172000, "completion_tokens": 0, "total_tokens": 172000,
              "prompt_tokens_details": { "cached_tokens": 155000, "cache_write_tokens": 3000 } }
            """);

        Assert.Equal(0.16625m, Dollars(usage, Card("openai", "gpt-5.6")));
    }

    /// <summary>litellm#40002: a prompt of 300,000 tokens was reserved at the price of a short one, half of what it costs.</summary>
    [Fact]
    public void T11_LongPrompt_IsReservedAtItsTier()
    {
        var card = Card("openai", "gpt-5.6");
        var held = WorstCase.Of(new CallShape { InputBound = 300_000 }, [card]).At(1_000);
        var billed = Bill.For(new Usage { CacheWrite = 300_000, Output = 1_000 }, card).Total;

        Assert.Equal((300_000 * 1_250) + (1_000 * 4_500), billed.Microcents);
        Assert.Equal(billed, held);
    }

    /// <summary>TokenMeter 0.13.0: three queries of one prompt were billed as one.</summary>
    [Fact]
    public void T16_Grounding_IsBilledByQuery() =>
        Assert.Equal(3 * 0.014m, Dollars(new Usage { GroundingQueries = 3 }, Card("gemini", "gemini-3.1-pro-preview")));

    /// <summary>hermes#93678, AutoGPT#14386: $0.50 in place of $1.00, and cached tokens at the price of a short prompt.</summary>
    [Theory]
    [InlineData(0, 100)]
    [InlineData(100_000, 64)]
    public void T17_LongPrompt_IsBilledAtItsTier_CachedTokensToo(long cached, int cents)
    {
        var usage = Gemini($$"""{ "promptTokenCount": 250000, "cachedContentTokenCount": {{cached}}, "totalTokenCount": 250000 }""");

        Assert.Equal(cents / 100m, Dollars(usage, Card("gemini", "gemini-3.1-pro-preview")));
    }

    private static string Grok(long ticks) => $$"""
        { "prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428, "prompt_tokens_details": { "cached_tokens": 128 },
          "completion_tokens_details": { "reasoning_tokens": 2809 }, "cost_in_usd_ticks": {{ticks}} }
        """;

    private static Usage OpenAI(string usage) => OpenAI("openai", usage).Usage!;

    private static ProviderReport OpenAI(string provider, string usage) => new OpenAIChatReader(Vendor.Of(provider)).ReadAnswer(Json($$"""{ "usage": {{usage}} }"""));

    private static Usage Anthropic(string usage) => new AnthropicMessageReader(longCacheWrites: false).ReadAnswer(Json($$"""{ "usage": {{usage}} }""")).Usage!;

    private static Usage Gemini(string usage) => new GeminiReader().ReadAnswer(Json($$"""{ "usageMetadata": {{usage}} }""")).Usage!;

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static decimal Dollars(Usage usage, RateCard card) => Bill.For(usage, card).Total.ToDollars();

    /// <summary>The card of a model as it ships, at the time that the prices are of.</summary>
    private static RateCard Card(string provider, string model) =>
        Book.Find(new ModelKey(provider, model), Book.GeneratedAt, Book.GeneratedAt).Single();

    private static RateCard Rates(decimal input, decimal output, decimal cached, decimal written) => new()
    {
        Model = new ModelKey("test", "m"),
        Rates = new TokenRates
        {
            Input = Rate.FromMicrocents(input),
            Output = Rate.FromMicrocents(output),
            CachedInput = Rate.FromMicrocents(cached),
            CacheWrite = Rate.FromMicrocents(written),
        },
    };
}
