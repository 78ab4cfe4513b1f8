using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Gemini;

namespace SpendGuard.Tests.Providers.Gemini;

/// <summary>Reports of usage that others have misread.</summary>
public sealed class GeminiUsageTests
{
    /// <summary>T5: thoughts are beside the candidates.</summary>
    [Fact]
    public void Thoughts_AreBilled()
    {
        var usage = Read(Json(
            """{ "promptTokenCount": 7477, "candidatesTokenCount": 2060, "thoughtsTokenCount": 1939, "totalTokenCount": 11476 }""")).Usage;

        Assert.Equal(new Usage { Input = 7_477, Output = 2_060, ReasoningOutput = 1_939 }, usage);
    }

    [Fact]
    public void Cached_IsPartOfThePrompt_ToolUseIsNot()
    {
        var usage = Read(Json("""
            { "promptTokenCount": 100, "cachedContentTokenCount": 60, "toolUsePromptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 112 }
            """)).Usage;

        Assert.Equal(new Usage { Input = 47, CachedInput = 60, Output = 5 }, usage);
    }

    [Theory]
    [InlineData(20, 15)]
    [InlineData(12, 7)]
    public void Total_ThatDoesNotAddUp_IsReadAsTheDearer(long total, long output)
    {
        var usage = Read(Json(
            $$"""{ "promptTokenCount": 5, "candidatesTokenCount": 4, "thoughtsTokenCount": 3, "totalTokenCount": {{total}} }""")).Usage;

        Assert.Equal(output, usage!.TotalOutput);
        Assert.Equal(5, usage.TotalInput);
    }

    [Fact]
    public void NoCandidates_WithATotal_IsNoOutput()
    {
        var usage = Read(Json("""{ "promptTokenCount": 9, "totalTokenCount": 9 }""")).Usage;

        Assert.Equal(new Usage { Input = 9 }, usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "promptTokenCount": 9 }""")]
    [InlineData("""{ "candidatesTokenCount": 9, "totalTokenCount": 9 }""")]
    public void Report_WithoutInputOrOutput_IsNotAll(string report) => Assert.NotNull(Read(Json(report)).Incomplete);

    [Theory]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":2,"thoughtsTokenCount":"x"}""")]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":2,"promptTokensDetails":[{"tokenCount":-1}]}""")]
    public void SomethingIsUnreadable_IsNotAll(string json) => Assert.NotNull(Read(Json(json)).Incomplete);

    [Theory]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":16}""", 10, 6)]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":14}""", 10, 5)]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":11,"candidatesTokenCount":5,"totalTokenCount":15}""", 21, 5)]
    public void CountsThatContradict_AreReadAsTheDearerAndReported(string json, long input, long output)
    {
        var usage = Read(Json(json)).Usage;

        Assert.Equal((input, output), (usage!.TotalInput, usage.TotalOutput));
        Assert.NotNull(usage.Mismatch);
    }

    [Fact]
    public void Modalities_AreTakenApart()
    {
        var usage = Read(Json("""
            {"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":9,"totalTokenCount":109,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":70},{"modality":"AUDIO","tokenCount":30}],
             "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":10}],
             "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":5},{"modality":"AUDIO","tokenCount":4}]}
            """)).Usage;

        Assert.Equal(new Usage { Input = 40, CachedInput = 40, AudioInput = 20, Output = 5, AudioOutput = 4 }, usage);
    }

    /// <summary>What an image costs is not known, so it is not billed as text.</summary>
    [Fact]
    public void ImagesInTheAnswer_AreUnknown() => Assert.NotNull(Read(Json(
        """{"promptTokenCount":10,"candidatesTokenCount":9,"totalTokenCount":19,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":9}]}""")).Incomplete);

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{\"tokenCount\":9}")]
    public void DetailOfNoModality_IsText(string detail)
    {
        var usage = Read(Json(
            $$"""{"promptTokenCount":10,"candidatesTokenCount":9,"totalTokenCount":19,"candidatesTokensDetails":[{{detail}}],"promptTokensDetails":[{{detail}}]}""")).Usage;

        Assert.Equal(new Usage { Input = 10, Output = 9 }, usage);
    }

    private static ProviderReport Read(JsonElement usageMetadata) => GeminiUsage.Report(GeminiUsage.Read(usageMetadata));

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
