using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Forms;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>The bill in the original's form: its names, units and rates, and the exact total.</summary>
public sealed class BillingBreakdownTests
{
    private static readonly ModelKey Model = new("anthropic", "made-up");

    private static readonly RateCard Plain = new()
    {
        Model = Model,
        Rates = new TokenRates { Input = Rate.FromMicrocents(300), Output = Rate.FromMicrocents(1500) },
    };

    private static readonly RateCard ReadsFromCache = Plain with { Rates = Plain.Rates with { CachedInput = Rate.FromMicrocents(17.5m) } };

    private static readonly RateCard FillsCache = Plain with
    {
        Rates = ReadsFromCache.Rates with { CacheWrite = Rate.FromMicrocents(375), LongCacheWrite = Rate.FromMicrocents(600) },
    };

    private static readonly RateCard HasCliff = Plain with
    {
        ContextTiers = [new ContextTier(1_000, Inclusive: false, new TokenRates { Input = Rate.FromMicrocents(600), Output = Rate.FromMicrocents(2250) })],
    };

    private static readonly RateCard HasFees = Plain with
    {
        Fees = ImmutableDictionary<UsageCategory, Rate>.Empty
            .Add(UsageCategory.GroundingQuery, Rate.FromCents(3.5m))
            .Add(UsageCategory.WebSearch, Rate.FromCents(1))
            .Add(UsageCategory.FileSearch, Rate.FromCents(0.25m)),
    };

    private static readonly Dictionary<string, (RateCard Card, Usage Usage, string[] Charges)> Bills = new(StringComparer.Ordinal)
    {
        ["plain"] = (
            Plain, new Usage { Input = 10, Output = 4 },
            ["input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens 4 tokens cents_per_1m=1500 6000"]),
        ["plain, with prices for caches"] = (
            FillsCache, new Usage { Input = 10, Output = 4 },
            ["input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens 4 tokens cents_per_1m=1500 6000"]),
        ["no output"] = (
            Plain, new Usage { Input = 10 },
            ["input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens 0 tokens cents_per_1m=1500 0"]),
        ["cached"] = (
            ReadsFromCache, new Usage { Input = 10, CachedInput = 3, Output = 4 },
            [
                "input_tokens_uncached 10 tokens cents_per_1m=300 3000", "input_tokens_cached 3 tokens cents_per_1m=17.5 53",
                "output_tokens 4 tokens cents_per_1m=1500 6000",
            ]),
        ["all cached, at the price of input"] = (
            Plain, new Usage { CachedInput = 3, Output = 4 },
            [
                "input_tokens_uncached 0 tokens cents_per_1m=300 0", "input_tokens_cached 3 tokens cents_per_1m=300 900",
                "output_tokens 4 tokens cents_per_1m=1500 6000",
            ]),
        ["read from a cache that costs something to fill"] = (
            FillsCache, new Usage { Input = 10, CachedInput = 3, Output = 4 },
            [
                "input_tokens_base 10 tokens cents_per_1m=300 3000", "input_tokens_cache_write 0 tokens cents_per_1m=375 0",
                "input_tokens_cache_read 3 tokens cents_per_1m=17.5 53", "output_tokens 4 tokens cents_per_1m=1500 6000",
            ]),
        ["written to a cache, for two lives"] = (
            FillsCache, new Usage { Input = 10, CacheWrite = 2, LongCacheWrite = 1, Output = 4 },
            [
                "input_tokens_base 10 tokens cents_per_1m=300 3000", "input_tokens_cache_write 2 tokens cents_per_1m=375 750",
                "input_tokens_cache_write 1 tokens cents_per_1m=600 600", "input_tokens_cache_read 0 tokens cents_per_1m=17.5 0",
                "output_tokens 4 tokens cents_per_1m=1500 6000",
            ]),
        ["reasoning"] = (
            Plain with { Rates = Plain.Rates with { ReasoningOutput = Rate.FromMicrocents(500) } },
            new Usage { Input = 10, Output = 4, ReasoningOutput = 2 },
            [
                "input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens_non_reasoning 4 tokens cents_per_1m=1500 6000",
                "output_tokens_reasoning 2 tokens cents_per_1m=500 1000",
            ]),
        ["beyond the cliff"] = (
            HasCliff, new Usage { Input = 1_001, Output = 4 },
            ["input_tokens 1001 tokens cents_per_1m=600 600600", "output_tokens 4 tokens cents_per_1m=2250 9000"]),
        ["at the cliff"] = (
            HasCliff, new Usage { Input = 1_000, Output = 4 },
            ["input_tokens 1000 tokens cents_per_1m=300 300000", "output_tokens 4 tokens cents_per_1m=1500 6000"]),
        ["searches"] = (
            HasFees, new Usage { Input = 10, Output = 4, GroundingQueries = 2, WebSearches = 3, FileSearches = 1 },
            [
                "input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens 4 tokens cents_per_1m=1500 6000",
                "tool_web_search_call 3 calls cents_per_call=1 3000000", "tool_file_search_call 1 calls cents_per_call=0.25 250000",
                "grounding_queries 2 queries cents_per_1k=3500 7000000",
            ]),
        ["two runs of the model"] = (
            Plain,
            new Usage { Input = 10, Output = 4, Iterations = [new Iteration(null, new Usage { Input = 7, Output = 4 }), new Iteration(null, new Usage { Input = 3 })] },
            ["input_tokens 10 tokens cents_per_1m=300 3000", "output_tokens 4 tokens cents_per_1m=1500 6000"]),
    };

    public static TheoryData<string> Kinds => new(Bills.Keys);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Charges_HaveTheOriginalsNamesUnitsAndRates(string kind)
    {
        var (card, usage, charges) = Bills[kind];
        var bill = Bill.For(usage, card);
        var breakdown = Write(bill, bill.Total);

        Assert.Equal(charges, breakdown["charges"]!.AsArray().Select(Line));
        Assert.Equal(bill.Total.Microcents, (long)breakdown["totals"]!["realized_microcents"]!);
        Assert.InRange(breakdown["charges"]!.AsArray().Sum(charge => (long)charge!["cost_microcents"]!) - bill.Total.Microcents, 0, charges.Length - 1);
    }

    [Fact]
    public void Form_IsTheOriginals()
    {
        var usage = new Usage { Input = 10, CachedInput = 3, CacheWrite = 2, LongCacheWrite = 1, Output = 4, ReasoningOutput = 5, WebSearches = 6, GroundingQueries = 7 };
        var card = HasFees with { Rates = FillsCache.Rates, ContextTiers = HasCliff.ContextTiers };

        Assert.Equal(
            """
            {"provider":"anthropic","model":"made-up",
            "usage":{"input_tokens":16,"output_tokens":9,"cached_input_tokens":0,"reasoning_tokens":5,"cache_write_input_tokens":3,
            "cache_read_input_tokens":3,"grounding_queries":7,"tool_calls":{"web_search_call":6,"file_search_call":0}},
            "cliff":{"configured":{"threshold_tokens":1000,"input_multiplier":2,"output_multiplier":1.5},"applied":false},
            "charges":[],"totals":{"realized_microcents":1000001,"realized_cents_ceiled":2}}
            """.ReplaceLineEndings(""),
            Without("charges", Write(Bill.For(usage, card), Money.FromMicrocents(1_000_001))));
    }

    [Fact]
    public void CacheThatFillsByItself_IsCachedInput()
    {
        var usage = Write(Bill.For(new Usage { Input = 10, CachedInput = 3, Output = 4 }, ReadsFromCache), Money.Zero)["usage"]!;

        Assert.Equal((13, 3, 0), ((int)usage["input_tokens"]!, (int)usage["cached_input_tokens"]!, (int)usage["cache_read_input_tokens"]!));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void Cliff_IsAppliedBeyondItsThreshold(long input, bool applied) =>
        Assert.Equal(applied, (bool)Write(Bill.For(new Usage { Input = input, Output = 4 }, HasCliff), Money.Zero)["cliff"]!["applied"]!);

    [Fact]
    public void Cliff_OfACardThatHasNone_IsNull() => Assert.Equal(
        """{"configured":{"threshold_tokens":null,"input_multiplier":null,"output_multiplier":null},"applied":false}""",
        Write(Bill.For(new Usage { Input = 1, Output = 4 }, Plain), Money.Zero)["cliff"]!.ToJsonString());

    [Fact]
    public void Forfeit_HasItsChargeAndNothingThatNobodyTold() => Assert.Equal(
        """
        {"provider":"anthropic","model":"made-up",
        "usage":{"input_tokens":null,"output_tokens":null,"cached_input_tokens":null,"reasoning_tokens":null,"cache_write_input_tokens":null,
        "cache_read_input_tokens":null,"grounding_queries":null,"tool_calls":{"web_search_call":null,"file_search_call":null}},
        "cliff":{"configured":{"threshold_tokens":null,"input_multiplier":null,"output_multiplier":null},"applied":false},
        "charges":[],"totals":{"realized_microcents":7000000,"realized_cents_ceiled":7}}
        """.ReplaceLineEndings(""),
        Write(bill: null, Money.FromCents(7)).ToJsonString());

    private static string Line(JsonNode? charge)
    {
        var rate = Assert.Single(charge!["rate"]!.AsObject());
        return $"{charge["name"]} {charge["quantity"]} {charge["unit"]} {rate.Key}={rate.Value} {charge["cost_microcents"]}";
    }

    private static string Without(string list, JsonNode breakdown)
    {
        breakdown[list]!.AsArray().Clear();
        return breakdown.ToJsonString();
    }

    private static JsonNode Write(Bill? bill, Money charged)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            BillingBreakdown.Write(writer, Model, bill, charged);
            writer.WriteEndObject();
        }

        return JsonNode.Parse(buffer.WrittenSpan)!["billing_breakdown"]!;
    }
}
