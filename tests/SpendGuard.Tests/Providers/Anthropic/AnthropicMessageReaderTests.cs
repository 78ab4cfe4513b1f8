using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Tests.Providers.Anthropic;

public sealed class AnthropicMessageReaderTests
{
    private const string Start =
        """{"type":"message_start","message":{"model":"m","usage":{"input_tokens":9,"output_tokens":1,"cache_creation_input_tokens":4,"inference_geo":"us"}}}""";

    private const string End = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}""";
    private const string Piece = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}""";
    private const string Stop = """{"type":"message_stop"}""";

    private static readonly Usage Whole = new() { Input = 9, Output = 15, LongCacheWrite = 4 };

    private readonly AnthropicMessageReader _reader = new(longCacheWrites: true);

    [Fact]
    public void Stream_IsKnownAtItsEnd()
    {
        Assert.Equal(new ProviderReport { Usage = Whole, Model = "m", ServiceTier = "us" }, _reader.ReadStream(ended: false, Start, End));
        Assert.False(_reader.Ended);

        _reader.ReadStream(ended: false, Stop);
        Assert.True(_reader.Ended);
    }

    [Fact]
    public void Stream_AnotherMessageInIt_IsBilledBesideTheFirst()
    {
        var report = _reader.ReadStream(ended: false, Start, End, Start.Replace("\"model\"", "\"id\":\"two\",\"model\"", StringComparison.Ordinal), End, Stop);

        Assert.Equal((18, 30, 8), (report.Usage!.Input, report.Usage.Output, report.Usage.LongCacheWrite));
        Assert.NotNull(report.Incomplete);
    }

    [Fact]
    public void Stream_TheSameMessageBegunAgain_IsBilledOnce()
    {
        var start = Start.Replace("\"model\"", "\"id\":\"one\",\"model\"", StringComparison.Ordinal);

        Assert.Equal(Whole, _reader.ReadStream(ended: false, start, start, End, Stop).Usage);
    }

    [Theory]
    [InlineData(Start, Stop)]
    [InlineData(End, Stop)]
    [InlineData(Start, """{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":5}}""", Stop)]
    [InlineData(Start, """{"type":"message_delta","usage":{"output_tokens":5}}""", Stop)]
    [InlineData(Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":"x"}}""", Stop)]
    [InlineData(Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}""", Stop)]
    [InlineData("""{"type":"message_start","message":{"usage":{"input_tokens":"x","output_tokens":1}}}""", End, Stop)]
    [InlineData(
        """{"type":"message_start","message":{"model":"m"}}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":9,"output_tokens":15}}""")]
    [InlineData(Start, End, Start)]
    [InlineData(Start, End, Piece)]
    public void Stream_IsNotWhole_IsUnknown(params string[] events)
    {
        Assert.NotNull(_reader.ReadStream(ended: true, events).Incomplete);
        Assert.True(_reader.ToldUsage);
    }

    /// <summary>What is told before the stream breaks is a part of what is billed, and what is told when the message has stopped is all.</summary>
    [Theory]
    [InlineData(1, false, Start)]
    [InlineData(5, false, Start, Piece, """{"type":"message_delta","delta":{},"usage":{"output_tokens":5}}""")]
    [InlineData(15, true, Start, Piece, End)]
    [InlineData(15, true, Start, Piece, End, """{"type":"error","error":{"type":"overloaded_error"}}""")]
    [InlineData(15, true, Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", """{"type":"message_delta","usage":{"output_tokens":15}}""")]
    public void Stream_BreaksOff_WhatIsKnownIsKept(long output, bool isWhole, params string[] events)
    {
        var report = _reader.ReadStream(ended: false, events);

        Assert.Equal(Whole with { Output = output }, report.Usage);
        Assert.Equal(isWhole, _reader.IsWhole);
    }

    [Theory]
    [InlineData("us", null)]
    [InlineData(null, "us")]
    public void Region_InThePriceAlready_IsNoTier(string? priced, string? tier)
    {
        var reader = new AnthropicMessageReader(longCacheWrites: false, priced);

        Assert.Equal(tier, reader.Read("""{"usage":{"input_tokens":9,"output_tokens":1,"inference_geo":"us"}}""").ServiceTier);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"usage":7}""")]
    [InlineData("[]")]
    public void Answer_WithoutUsage_IsUnknown(string answer) => Assert.Null(_reader.Read(answer).Usage);
}
