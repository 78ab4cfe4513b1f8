using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Tests.Providers.OpenAI;

public sealed class OpenAIResponsesReaderTests
{
    private const string Created = """{"type":"response.created","response":{"model":"m","usage":{"input_tokens":9,"output_tokens":0}}}""";

    private const string Whole = """
        {"model":"m-dated","service_tier":"priority","usage":{"input_tokens":9,"output_tokens":5,"total_tokens":14},
         "output":[{"type":"web_search_call"},{"type":"file_search_call"},{"type":"web_search_call"},{"type":"message"},7]}
        """;

    private static readonly ProviderReport Report = new()
    {
        Usage = new Usage { Input = 9, Output = 5, WebSearches = 2, FileSearches = 1 },
        Model = "m-dated",
        ServiceTier = "priority",
    };

    private readonly OpenAIResponsesReader _reader = new(Vendor.Of("openai"));

    [Fact]
    public void Answer_HostedToolsAreItemsOfTheOutput() => Assert.Equal(Report, _reader.Read(Whole));

    [Theory]
    [InlineData("response.completed")]
    [InlineData("response.incomplete")]
    [InlineData("response.failed")]
    public void Stream_TheLastEvent_HasTheWhole(string type)
    {
        Assert.Equal(Report, _reader.ReadStream(ended: false, Created, $$"""{"type":"{{type}}","response":{{Whole}}}"""));
        Assert.True(_reader.Ended);
    }

    [Fact]
    public void Stream_TheLastEventTellsLess_TheMostIsTaken()
    {
        const string Before = """{"type":"response.in_progress","response":{"model":"m","usage":{"input_tokens":9,"output_tokens":900,"total_tokens":909}}}""";

        Assert.Equal(900, _reader.ReadStream(ended: false, Before, $$"""{"type":"response.completed","response":{{Whole}}}""").Usage!.TotalOutput);
    }

    [Theory]
    [InlineData("response.in_progress")]
    [InlineData("error")]
    public void Stream_EarlierEvents_TellTheModelOnly(string type)
    {
        var report = _reader.ReadStream(ended: true, Created, $$"""{"type":"{{type}}","response":{{Whole}}}""");

        Assert.Equal(("m-dated", false), (report.Model, _reader.IsWhole));
        Assert.True(_reader.ToldUsage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    public void Stream_LastEventWithoutUsage_IsUnknown(string response) =>
        Assert.NotNull(_reader.ReadStream(ended: true, Created, $$"""{"type":"response.completed","response":{{response}}}""").Incomplete);

    [Fact]
    public void Stream_BreaksOff_WhatIsKnownIsKept() =>
        Assert.Equal(new Usage { Input = 9 }, _reader.ReadStream(ended: false, Created).Usage);

    /// <summary>Pages that were opened, and what was looked for in them, are not said to cost anything; what is not known is taken for a search.</summary>
    [Theory]
    [InlineData("""{"type":"search","query":"a"}""", 1)]
    [InlineData("""{"type":"open_page","url":"a"}""", 0)]
    [InlineData("""{"type":"find_in_page","pattern":"a"}""", 0)]
    [InlineData("""{"type":"another"}""", 1)]
    [InlineData("null", 1)]
    [InlineData("7", 1)]
    public void WebSearch_IsCountedWhereItMayBeASearch(string action, long searches) => Assert.Equal(
        searches,
        _reader.Read($$"""{"usage":{"input_tokens":9,"output_tokens":5,"total_tokens":14},"output":[{"type":"web_search_call","action":{{action}}}]}""").Usage!.WebSearches);

    /// <summary>A client speaks one of two formats, and nobody says which.</summary>
    [Fact]
    public void EitherFormat_IsToldByItsEvents()
    {
        var shape = new CallShape { InputBound = 1 };
        var response = Vendor.Of("openai").ChatReader(shape);
        var chat = Vendor.Of("another").ChatReader(shape);

        Assert.Equal(Report, response.ReadStream(ended: true, Created, "", $$"""{"type":"response.completed","response":{{Whole}}}"""));
        Assert.Equal(
            new Usage { Input = 9, Output = 5 },
            chat.ReadStream(
                ended: true,
                """{"choices":[{"index":0}]}""",
                """{"choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}""").Usage);
        Assert.Equal(Report, Vendor.Of("openai").ChatReader(shape).Read(Whole));
    }
}
