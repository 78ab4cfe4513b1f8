using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Providers.Gemini;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Tests.Metering;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}""", 10, 2)]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"output_tokens_details":null}""", 10, 2)]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10}""", 10, 0)]
    public void OpenAI_Counts_AreRead(string json, long input, long output)
    {
        var usage = OpenAIUsage.Read(Parse(json));

        Assert.Equal((input, output), (usage!.TotalInput, usage.TotalOutput));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10}""")]
    [InlineData("""{"prompt_tokens":10,"total_tokens":9}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":-1}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cache_write_tokens":"x"}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"completion_tokens_details":"x"}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"total_tokens":99999999999999999999}""")]
    public void OpenAI_SomethingIsUnreadable_IsUnknown(string json) => Assert.Null(OpenAIUsage.Read(Parse(json)));

    [Theory]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"cache_creation_input_tokens":"x"}""")]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"cache_creation":{"ephemeral_1h_input_tokens":1.5}}""")]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"iterations":[{"input_tokens":true,"output_tokens":2}]}""")]
    public void Anthropic_SomethingIsUnreadable_IsUnknown(string json) => Assert.Null(AnthropicUsage.Read(Parse(json)));

    [Theory]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":2,"thoughtsTokenCount":"x"}""")]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":2,"promptTokensDetails":[{"tokenCount":-1}]}""")]
    public void Gemini_SomethingIsUnreadable_IsUnknown(string json) => Assert.Null(GeminiUsage.Read(Parse(json)));

    /// <summary>Without a total, only the provider tells whether reasoning is part of the output.</summary>
    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 8)]
    public void OpenAI_NoTotal_ReasoningIsBesideTheOutputAtXaiOnly(bool reasoningBeside, long output)
    {
        var usage = OpenAIUsage.Read(
            Parse("""{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}"""), reasoningBeside);

        Assert.Equal((output, null), (usage!.TotalOutput, usage.Mismatch));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":20}""", 10, 10)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":12}""", 10, 5)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"completion_tokens_details":{"reasoning_tokens":7}}""", 10, 12)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":7}}""", 10, 12)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":11}}""", 21, 5)]
    [InlineData("""{"input_tokens":10,"output_tokens":5,"total_tokens":15,"input_tokens_details":{"cached_tokens":6,"cache_write_tokens":5}}""", 21, 5)]
    public void OpenAI_CountsThatContradict_AreReadAsTheDearerAndReported(string json, long input, long output)
    {
        var usage = OpenAIUsage.Read(Parse(json));

        Assert.Equal((input, output), (usage!.TotalInput, usage.TotalOutput));
        Assert.NotNull(usage.Mismatch);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"completion_tokens_details":{"reasoning_tokens":5}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":18,"completion_tokens_details":{"reasoning_tokens":3}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":4}}""")]
    public void OpenAI_CountsThatAddUp_AreNotReported(string json) => Assert.Null(OpenAIUsage.Read(Parse(json))!.Mismatch);

    [Theory]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10}""", 10, true)]
    [InlineData("""{"total_tokens":10}""", 10, true)]
    [InlineData("""{"prompt_tokens":10,"total_tokens":12}""", 12, false)]
    [InlineData("""{"prompt_tokens":12,"total_tokens":10}""", 12, false)]
    public void Embeddings_AllIsInput(string json, long input, bool addsUp)
    {
        var usage = OpenAIUsage.ReadEmbeddings(Parse(json));

        Assert.Equal(new Usage { Input = input, Mismatch = usage!.Mismatch }, usage);
        Assert.Equal(addsUp, usage.Mismatch is null);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"prompt_tokens":"x","total_tokens":12}""")]
    public void Embeddings_NoInput_IsUnknown(string json) => Assert.Null(OpenAIUsage.ReadEmbeddings(Parse(json)));

    [Theory]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":16}""", 10, 6)]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":14}""", 10, 5)]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":11,"candidatesTokenCount":5,"totalTokenCount":15}""", 21, 5)]
    public void Gemini_CountsThatContradict_AreReadAsTheDearerAndReported(string json, long input, long output)
    {
        var usage = GeminiUsage.Read(Parse(json));

        Assert.Equal((input, output), (usage!.TotalInput, usage.TotalOutput));
        Assert.NotNull(usage.Mismatch);
    }

    [Fact]
    public void Gemini_Modalities_AreTakenApart()
    {
        var usage = GeminiUsage.Read(Parse("""
            {"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":9,"totalTokenCount":109,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":70},{"modality":"AUDIO","tokenCount":30}],
             "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":10}],
             "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":5},{"modality":"AUDIO","tokenCount":4}]}
            """));

        Assert.Equal(new Usage { Input = 40, CachedInput = 40, AudioInput = 20, Output = 5, AudioOutput = 4 }, usage);
    }

    /// <summary>What an image costs is not known, so it is not billed as text.</summary>
    [Fact]
    public void Gemini_ImagesInTheAnswer_AreUnknown() => Assert.Null(GeminiUsage.Read(Parse(
        """{"promptTokenCount":10,"candidatesTokenCount":9,"totalTokenCount":19,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":9}]}""")));

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{\"tokenCount\":9}")]
    public void Gemini_DetailOfNoModality_IsText(string detail)
    {
        var usage = GeminiUsage.Read(Parse(
            $$"""{"promptTokenCount":10,"candidatesTokenCount":9,"totalTokenCount":19,"candidatesTokensDetails":[{{detail}}],"promptTokensDetails":[{{detail}}]}"""));

        Assert.Equal(new Usage { Input = 10, Output = 9 }, usage);
    }

    [Fact]
    public void Anthropic_CacheThatContradicts_IsReadAsTheDearerAndReported()
    {
        var usage = AnthropicUsage.Read(Parse("""
            {"input_tokens":10,"output_tokens":2,"cache_creation_input_tokens":5,
             "cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":3}}
            """));

        Assert.Equal((4, 3), (usage!.CacheWrite, usage.LongCacheWrite));
        Assert.Equal("5 tokens were written to a cache, of them 4 for five minutes and 3 for an hour", usage.Mismatch);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
