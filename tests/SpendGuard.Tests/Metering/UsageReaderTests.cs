using System.Text.Json;
using SpendGuard.Metering;

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

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
