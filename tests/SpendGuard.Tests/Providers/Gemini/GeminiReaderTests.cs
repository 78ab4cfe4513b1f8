using SpendGuard.Billing;
using SpendGuard.Providers.Gemini;

namespace SpendGuard.Tests.Providers.Gemini;

public sealed class GeminiReaderTests
{
    private const string Chunk =
        """{"candidates":[{"content":{}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1,"totalTokenCount":10},"modelVersion":"m"}""";

    private const string Last = """
        {"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}],
         "usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14,"serviceTier":"SERVICE_TIER_PRIORITY"}}
        """;

    private static readonly Usage Whole = new() { Input = 9, Output = 5, GroundingQueries = 2 };

    private readonly GeminiReader _reader = new();

    [Fact]
    public void Answer_IsRead() => Assert.Equal(new ProviderReport { Usage = Whole, ServiceTier = "priority" }, _reader.Read(Last));

    [Fact]
    public void Stream_TheLastChunkCounts() =>
        Assert.Equal(new ProviderReport { Usage = Whole, Model = "m", ServiceTier = "priority" }, _reader.ReadStream(ended: false, Chunk, Chunk, Last));

    [Fact]
    public void Stream_EveryChunksQueries_AreBilled() =>
        Assert.Equal(4, _reader.ReadStream(ended: false, Last, Last).Usage!.GroundingQueries);

    [Fact]
    public void Stream_RefusedPrompt_HasNoCandidates() => Assert.Equal(
        new Usage { Input = 9 },
        _reader.ReadStream(ended: false, """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}""").Usage);

    [Theory]
    [InlineData(Chunk)]
    [InlineData(Chunk, """{"candidates":[{"index":1}]}""", Last)]
    [InlineData(Last, """{"candidates":[{"content":{}}]}""")]
    [InlineData(Last, """{"usageMetadata":{"promptTokenCount":"x"}}""")]
    [InlineData(Last, """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}""")]
    [InlineData(
        """{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14}}""",
        """{"candidates":[{"finishReason":"STOP"}]}""")]
    public void Stream_IsNotWhole_IsUnknown(params string[] events) => Assert.NotNull(_reader.ReadStream(ended: true, events).Incomplete);

    [Theory]
    [InlineData(Last, """{"error":{"code":503}}""")]
    [InlineData("""{"candidates":[{"finishReason":"STOP"}]}""", """{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14}}""")]
    public void Stream_BreaksOffAfterTheWholeUsage_IsWhole(params string[] events) =>
        Assert.Equal((9, 5, null), (_reader.ReadStream(ended: false, events).Usage!.Input, _reader.Report.Usage!.Output, _reader.Report.Incomplete));

    [Fact]
    public void Stream_BreaksOff_WhatIsKnownIsKept() => Assert.Equal(new Usage { Input = 9, Output = 1 }, _reader.ReadStream(ended: false, Chunk).Usage);

    [Fact]
    public void Stream_ChunkOfNothing_LeavesTheCountsAsTheyWere() =>
        Assert.Equal(Whole, _reader.ReadStream(ended: false, Last, """{"responseId":"x"}""").Usage);
}
