using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Tests.Providers.OpenAI;

public sealed class OpenAIChatReaderTests
{
    private const string Text = """{"model":"m","service_tier":"flex","choices":[{"index":0,"delta":{"content":"a"}}]}""";
    private const string Finish = """{"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Final = """{"model":"m","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}""";
    private const string Running = """{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,"cost_in_usd_ticks":100}}""";

    private const string RunningFinish =
        """{"choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"cost_in_usd_ticks":500}}""";

    private static readonly Usage Whole = new() { Input = 9, Output = 5 };

    private readonly OpenAIChatReader _reader = new(Vendor.Of("openai"));
    private readonly OpenAIChatReader _stating = new(Vendor.Of("grok"));

    [Fact]
    public void Answer_IsRead() => Assert.Equal(
        new ProviderReport { Usage = Whole, Model = "m", ServiceTier = "flex" },
        _reader.Read("""{"model":"m","service_tier":"flex","usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}"""));

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"usage":null}""", false)]
    [InlineData("""{"usage":7}""", true)]
    [InlineData("""{"usage":{}}""", true)]
    [InlineData("7", false)]
    public void Answer_WithoutUsage_IsUnknown(string answer, bool told)
    {
        Assert.Null(_reader.Read(answer).Usage);
        Assert.Equal(told, _reader.ToldUsage);
    }

    [Fact]
    public void Stream_UsageComesInAChunkOfItsOwn() => Assert.Equal(
        new ProviderReport { Usage = Whole, Model = "m", ServiceTier = "flex" }, _reader.ReadStream(ended: false, Text, Finish, Final));

    [Fact]
    public void Stream_LastUsageCannotBeRead_IsUnknownWhateverWasToldBefore() =>
        Assert.NotNull(_reader.ReadStream(ended: true, RunningFinish, """{"choices":[],"usage":{"prompt_tokens":"x"}}""").Incomplete);

    /// <summary>Running counts are of the whole only when every choice has finished and the stream has ended, and nothing has followed.</summary>
    [Theory]
    [InlineData(true, true, Running, RunningFinish)]
    [InlineData(false, false, Running, RunningFinish)]
    [InlineData(true, false, Running)]
    [InlineData(true, false, Running, RunningFinish, Text, "")]
    [InlineData(true, false, Running, RunningFinish, "")]
    [InlineData(true, false, """{"choices":[{"index":1}]}""", Running, RunningFinish)]
    public void Stream_RunningCounts_AreOfTheWholeAtTheEndOnly(bool ended, bool isWhole, params string[] events) =>
        Assert.Equal(isWhole ? Whole : null, _reader.ReadStream(ended, events) is { Incomplete: null, Usage: var usage } ? usage : null);

    private const string Told = "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14}";
    private const string Empty = """{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""";

    /// <summary>Wherever it stands, the usage is of the whole when every choice has finished and nothing of the answer has followed.</summary>
    [Theory]
    [InlineData(Text, Finish, """{"choices":[{"index":0,"delta":{}}],""" + Told + "}")]
    [InlineData(Text, Finish, """{"choices":[{"index":0,"delta":{},"finish_reason":null}],""" + Told + "}", Empty)]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],""" + Told + "}")]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],""" + Told + "}", Empty)]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop",""" + Told + "}]}")]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop",""" + Told + "}]}", """{"choices":[],""" + Told + "}")]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r",""" + Told + "}}")]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],""" + Told + "}", """{"choices":[],"usage":null}""")]
    [InlineData(Text, """{"choices":[],""" + Told + "}", Finish)]
    [InlineData(Text, Finish, Final, """{"error":{"message":"overloaded"}}""")]
    public void Stream_UsageInAnyPlace_IsOfTheWhole_AlsoWhenTheStreamBreaksAfterIt(params string[] events)
    {
        Assert.Equal(Whole, _reader.ReadStream(ended: false, events).Usage);
        Assert.True(_reader.IsWhole, _reader.Report.Incomplete);
    }

    [Fact]
    public void Stream_UsageAfterTheEnd_IsRead()
    {
        _reader.ReadStream(ended: true, Text, Finish);
        Assert.False(_reader.IsWhole);

        Assert.Equal(Whole, _reader.ReadStream(ended: false, Final).Usage);
        Assert.True(_reader.IsWhole);
    }

    /// <summary>What is told before that is a part of what is billed.</summary>
    [Theory]
    [InlineData("""{"choices":[],""" + Told + "}", Text)]
    [InlineData(Text, """{"choices":[],""" + Told + "}")]
    [InlineData(Text, """{"choices":[{"index":0,"delta":{}}],""" + Told + "}")]
    [InlineData(Text, Finish, Final, Text)]
    [InlineData(Text, Finish, Final, "")]
    public void Stream_BreaksOff_WhatIsKnownIsKept(params string[] events)
    {
        Assert.Equal(Whole, _reader.ReadStream(ended: false, events).Usage);
        Assert.False(_reader.IsWhole);
    }

    /// <summary>Where only the choices tell, the input is that of all and each has its own output.</summary>
    [Theory]
    [InlineData("", 10)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":8,"total_tokens":17}}""", 8)]
    public void Stream_EachChoiceTells(string more, long output)
    {
        var reader = new OpenAIChatReader(Vendor.Of("another"), choices: 2);
        reader.ReadStream(
            ended: false,
            """{"choices":[{"index":0,"delta":{},"finish_reason":"stop",""" + Told + "}]}");
        Assert.False(reader.IsWhole);
        reader.ReadStream(ended: false, """{"choices":[{"index":1,"delta":{},"finish_reason":"stop",""" + Told + "}]}");
        reader.ReadStream(ended: true, more.Length == 0 ? "{}" : more);

        Assert.Equal((9, output, null), (reader.Report.Usage!.Input, reader.Report.Usage.Output, reader.Report.Incomplete));
    }

    [Fact]
    public void StatedCost_IsOfThoseWhoBillWhatTheyState()
    {
        Assert.Equal(Money.FromMicrocents(5), _stating.ReadStream(ended: true, Running, RunningFinish).StatedCost);
        Assert.Null(_reader.ReadStream(ended: true, Running, RunningFinish).StatedCost);
        Assert.Null(new OpenAIChatReader(Vendor.Of("grok")).ReadStream(ended: false, Running).StatedCost);
    }
}
