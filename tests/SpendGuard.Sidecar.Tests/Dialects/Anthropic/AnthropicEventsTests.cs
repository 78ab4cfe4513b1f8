using System.Text;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>What a stream tells of its cost, and when.</summary>
public sealed class AnthropicEventsTests
{
    private const string Start =
        """{ "type": "message_start", "message": { "model": "claude-sonnet-5", "usage": { "input_tokens": 9, "output_tokens": 1, "service_tier": "standard" } } }""";

    private const string End = """{ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 15 } }""";

    private readonly AnthropicEvents _events = new(new AnthropicMessageReader(longCacheWrites: false));

    [Fact]
    public void WholeStream_IsKnownAtItsStop()
    {
        Assert.Equal(EventFate.Pass, Observe(Start));
        Assert.Equal(EventFate.Pass, Observe("""{ "type": "ping" }"""));
        Assert.Equal(EventFate.Pass, Observe("""{ "type": "content_block_delta", "delta": { "type": "text_delta", "text": "\"message_stop\"" } }"""));
        Assert.Equal(EventFate.Pass, Observe(End));
        Assert.Equal(EventFate.PassAfterSettling, Observe("""{ "type": "message_stop" }"""));

        Assert.Equal(new ProviderReport { Usage = new Usage { Input = 9, Output = 15 }, Model = "claude-sonnet-5", ServiceTier = "standard" }, _events.Report);
    }

    [Fact]
    public void Placeholder_IsNoUsage()
    {
        Observe(Start);

        Assert.Equal(EventFate.PassAtTheEnd, Observe("""{ "type": "message_stop" }"""));
        Assert.NotNull(_events.Report.Incomplete);
    }

    [Fact]
    public void ReportBeforeTheEnd_IsNoUsage()
    {
        Observe(Start);
        Observe("""{ "type": "message_delta", "delta": { "stop_reason": null }, "usage": { "output_tokens": 5 } }""");

        Assert.NotNull(_events.Report.Incomplete);
    }

    [Fact]
    public void Error_IsTheLastThatTheClientWaitsFor_AndLeavesTheCostUnknown()
    {
        Observe(Start);

        Assert.Equal(EventFate.PassAtTheEnd, Observe("""{ "type": "error", "error": { "type": "overloaded_error" } }"""));
        Assert.NotNull(_events.Report.Incomplete);
    }

    [Fact]
    public void Error_AfterTheWholeUsage_LeavesItAsItWas()
    {
        Observe(Start);
        Observe(End);

        Assert.Equal(EventFate.PassAfterSettling, Observe("""{ "type": "error", "error": { "type": "overloaded_error" } }"""));
        Assert.Equal((15, null), (_events.Report.Usage!.Output, _events.Report.Incomplete));
    }

    [Theory]
    [InlineData("\"speed\": \"fast\"", "fast")]
    [InlineData("\"inference_geo\": \"us\"", "us")]
    [InlineData("\"service_tier\": \"priority\"", "priority")]
    [InlineData("\"speed\": \"standard\", \"inference_geo\": \"global\"", null)]
    public void WhatMultipliesThePrice_IsTheTier(string told, string? tier)
    {
        Observe($$"""{ "type": "message_start", "message": { "usage": { "input_tokens": 9, "output_tokens": 1, {{told}} } } }""");

        Assert.Equal(tier, _events.Report.ServiceTier);
    }

    private EventFate Observe(string json) => _events.Observe(Encoding.UTF8.GetBytes(json));
}
