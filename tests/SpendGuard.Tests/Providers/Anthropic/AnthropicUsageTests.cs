using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Tests.Providers.Anthropic;

/// <summary>Reports of usage that others have misread.</summary>
public sealed class AnthropicUsageTests
{
    /// <summary>T1: written tokens are not input as well.</summary>
    [Fact]
    public void CacheWrite_IsNotInputToo()
    {
        var usage = AnthropicUsage.Read(Json(
            """{ "input_tokens": 3, "cache_creation_input_tokens": 12304, "cache_read_input_tokens": 0, "output_tokens": 550 }""")).Usage;

        Assert.Equal(new Usage { Input = 3, CacheWrite = 12_304, Output = 550 }, usage);
        Assert.Equal(5_439_900, Bill.For(usage!, Card).Total.Microcents);
    }

    [Theory]
    [InlineData("""{ "ephemeral_5m_input_tokens": 5, "ephemeral_1h_input_tokens": 7 }""", false, 5, 7)]
    [InlineData("""{ "ephemeral_5m_input_tokens": 5 }""", false, 12, 0)]
    [InlineData("""{ "ephemeral_5m_input_tokens": 5 }""", true, 5, 7)]
    [InlineData("null", true, 0, 12)]
    [InlineData("null", false, 12, 0)]
    [InlineData("""{ "ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 7 }""", true, 20, 7)]
    public void CacheWrite_OfUnknownLife_IsTheDearestThatWasAskedFor(string split, bool longWrites, long expectedShort, long expectedLong)
    {
        var usage = AnthropicUsage.Read(
            Json($$"""{ "input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 12, "cache_creation": {{split}} }"""), longWrites).Usage;

        Assert.Equal((expectedShort, expectedLong), (usage!.CacheWrite, usage.LongCacheWrite));
    }

    /// <summary>T7: the first output is a placeholder, not a part of the sum.</summary>
    [Fact]
    public void Stream_LaterReportsTakeThePlaceOfEarlierOnes()
    {
        var usage = AnthropicUsage.Read(
        [
            Json("""{ "input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 1 }"""),
            Json("""{ "input_tokens": null, "output_tokens": 15 }"""),
        ]).Usage;

        Assert.Equal(new Usage { Input = 9, CachedInput = 4, Output = 15 }, usage);
    }

    /// <summary>T7: hosted tools bring in input after the start.</summary>
    [Fact]
    public void Stream_InputMayGrow()
    {
        var usage = AnthropicUsage.Read(
        [
            Json("""{ "input_tokens": 2679, "output_tokens": 3 }"""),
            Json("""{ "input_tokens": 10682, "output_tokens": 510, "server_tool_use": { "web_search_requests": 1 } }"""),
        ]).Usage;

        Assert.Equal(new Usage { Input = 10_682, Output = 510, WebSearches = 1 }, usage);
    }

    /// <summary>T9: what is at the top leaves a compaction out.</summary>
    [Fact]
    public void Iterations_AreAllBilled()
    {
        var usage = AnthropicUsage.Read(Json("""
            { "input_tokens": 23000, "output_tokens": 1000, "iterations": [
                { "type": "compaction", "input_tokens": 180000, "output_tokens": 3500 },
                { "type": "message", "input_tokens": 23000, "output_tokens": 1000 }] }
            """)).Usage;

        Assert.Equal((203_000, 4_500, null), (usage!.Input, usage.Output, usage.Mismatch));
        Assert.Equal([(180_000, 3_500), (23_000, 1_000)], usage.Iterations.Select(iteration => (iteration.Usage.Input, iteration.Usage.Output)));
    }

    /// <summary>T9: a model that declined at once is not billed.</summary>
    [Fact]
    public void Iterations_DeclinedBeforeAFallback_AreNotBilled()
    {
        var usage = AnthropicUsage.Read(Json("""
            { "input_tokens": 500, "output_tokens": 80, "iterations": [
                { "type": "message", "input_tokens": 500, "output_tokens": 0 },
                { "type": "fallback_message", "input_tokens": 500, "output_tokens": 80 }] }
            """)).Usage;

        Assert.Equal((500, 80, null), (usage!.Input, usage.Output, usage.Mismatch));
    }

    [Fact]
    public void Iterations_ThatComeToLess_DoNotLowerTheBill()
    {
        var usage = AnthropicUsage.Read(Json(
            """{ "input_tokens": 500, "output_tokens": 80, "iterations": [{ "type": "message", "input_tokens": 400, "output_tokens": 90 }] }""")).Usage;

        Assert.Equal((500, 90), (usage!.Input, usage.Output));
        Assert.Equal("the iterations come to 400 input and 90 output tokens, but the message has 500 and 80", usage.Mismatch);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "input_tokens": 9 }""")]
    [InlineData("""{ "output_tokens": 9 }""")]
    [InlineData("""{ "input_tokens": -1, "output_tokens": 9 }""")]
    [InlineData("""{ "input_tokens": 9, "output_tokens": "many" }""")]
    [InlineData("""{ "input_tokens": 9, "output_tokens": 9, "iterations": [{ "type": "compaction" }] }""")]
    public void Report_WithoutInputOrOutput_IsNotAll(string report) => Assert.NotNull(AnthropicUsage.Read(Json(report)).Incomplete);

    [Theory]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"cache_creation_input_tokens":"x"}""")]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"cache_creation":{"ephemeral_1h_input_tokens":1.5}}""")]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"iterations":[{"input_tokens":true,"output_tokens":2}]}""")]
    public void SomethingIsUnreadable_IsNotAll(string json) => Assert.NotNull(AnthropicUsage.Read(Json(json)).Incomplete);

    [Fact]
    public void CacheThatContradicts_IsReadAsTheDearerAndReported()
    {
        var usage = AnthropicUsage.Read(Json("""
            {"input_tokens":10,"output_tokens":2,"cache_creation_input_tokens":5,
             "cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":3}}
            """)).Usage;

        Assert.Equal((4, 3), (usage!.CacheWrite, usage.LongCacheWrite));
        Assert.Equal("5 tokens were written to a cache, of them 4 for five minutes and 3 for an hour", usage.Mismatch);
    }

    private static RateCard Card => new()
    {
        Model = new ModelKey("anthropic", "test"),
        Rates = new TokenRates
        {
            Input = Rate.FromMicrocents(300),
            CacheWrite = Rate.FromMicrocents(375),
            Output = Rate.FromMicrocents(1500),
        },
    };

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
