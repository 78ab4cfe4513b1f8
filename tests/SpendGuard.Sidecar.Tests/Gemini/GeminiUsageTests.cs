using System.Text;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers.Gemini;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Gemini;

namespace SpendGuard.Sidecar.Tests.Gemini;

/// <summary>Reports of usage that others have misread.</summary>
public sealed class GeminiUsageTests
{
    /// <summary>T5: thoughts are beside the candidates.</summary>
    [Fact]
    public void Thoughts_AreBilled()
    {
        var usage = GeminiUsage.Read(Json(
            """{ "promptTokenCount": 7477, "candidatesTokenCount": 2060, "thoughtsTokenCount": 1939, "totalTokenCount": 11476 }"""));

        Assert.Equal(new Usage { Input = 7_477, Output = 2_060, ReasoningOutput = 1_939 }, usage);
    }

    /// <summary>T6: chunks tell all so far; adding them up bills many times over.</summary>
    [Fact]
    public void Stream_TheLastChunkCounts()
    {
        var events = new GeminiEvents();
        for (var output = 1; output <= 10; output++)
        {
            events.Observe(Encoding.UTF8.GetBytes($$"""
                { "candidates": [{ "index": 0{{(output == 10 ? ", \"finishReason\": \"STOP\"" : "")}} }],
                  "usageMetadata": { "promptTokenCount": 9, "candidatesTokenCount": {{output}}, "totalTokenCount": {{9 + output}} } }
                """));
            Assert.Equal(output == 10, events.Report.Usage is not null);
        }

        Assert.Equal(new Usage { Input = 9, Output = 10 }, events.Report.Usage);
    }

    [Fact]
    public void Cached_IsPartOfThePrompt_ToolUseIsNot()
    {
        var usage = GeminiUsage.Read(Json("""
            { "promptTokenCount": 100, "cachedContentTokenCount": 60, "toolUsePromptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 112 }
            """));

        Assert.Equal(new Usage { Input = 47, CachedInput = 60, Output = 5 }, usage);
    }

    [Theory]
    [InlineData(20, 15)]
    [InlineData(12, 7)]
    public void Total_ThatDoesNotAddUp_IsReadAsTheDearer(long total, long output)
    {
        var usage = GeminiUsage.Read(Json(
            $$"""{ "promptTokenCount": 5, "candidatesTokenCount": 4, "thoughtsTokenCount": 3, "totalTokenCount": {{total}} }"""));

        Assert.Equal(output, usage!.TotalOutput);
        Assert.Equal(5, usage.TotalInput);
    }

    [Fact]
    public void NoCandidates_WithATotal_IsNoOutput()
    {
        var usage = GeminiUsage.Read(Json("""{ "promptTokenCount": 9, "totalTokenCount": 9 }"""));

        Assert.Equal(new Usage { Input = 9 }, usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "promptTokenCount": 9 }""")]
    [InlineData("""{ "candidatesTokenCount": 9, "totalTokenCount": 9 }""")]
    public void Report_WithoutInputOrOutput_IsUnknown(string report) => Assert.Null(GeminiUsage.Read(Json(report)));

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
