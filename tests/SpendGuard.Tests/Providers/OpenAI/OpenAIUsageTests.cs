using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Providers.Counts;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Tests.Providers.OpenAI;

public sealed class OpenAIUsageTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}""", 10, 2)]
    [InlineData("""{"input_tokens":10,"output_tokens":2,"output_tokens_details":null}""", 10, 2)]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10}""", 10, 0)]
    public void Counts_AreRead(string json, long input, long output)
    {
        var report = Read(json);

        Assert.Equal((input, output), (report.Usage!.TotalInput, report.Usage.TotalOutput));
        Assert.Null(report.Incomplete);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10}""")]
    [InlineData("""{"prompt_tokens":10,"total_tokens":9}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":-1}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cache_write_tokens":"x"}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"completion_tokens_details":"x"}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"total_tokens":99999999999999999999}""")]
    public void SomethingIsUnreadable_IsNotAll(string json) => Assert.NotNull(Read(json).Incomplete);

    /// <summary>Without a total, only the provider tells whether reasoning is part of the output.</summary>
    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 8)]
    public void NoTotal_ReasoningIsBesideTheOutputAtXaiOnly(bool reasoningBeside, long output)
    {
        var usage = Read(
            """{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}""",
            reasoningBeside ? ReasoningPlace.Beside : ReasoningPlace.Within).Usage;

        Assert.Equal((output, null), (usage!.TotalOutput, usage.Mismatch));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":20}""", 10, 10)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":12}""", 10, 5)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"completion_tokens_details":{"reasoning_tokens":7}}""", 10, 12)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":7}}""", 10, 12)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":11}}""", 21, 5)]
    [InlineData("""{"input_tokens":10,"output_tokens":5,"total_tokens":15,"input_tokens_details":{"cached_tokens":6,"cache_write_tokens":5}}""", 21, 5)]
    public void CountsThatContradict_AreReadAsTheDearerAndReported(string json, long input, long output)
    {
        var usage = Read(json).Usage;

        Assert.Equal((input, output), (usage!.TotalInput, usage.TotalOutput));
        Assert.NotNull(usage.Mismatch);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"completion_tokens_details":{"reasoning_tokens":5}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":18,"completion_tokens_details":{"reasoning_tokens":3}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":4}}""")]
    public void CountsThatAddUp_AreNotReported(string json) => Assert.Null(Read(json).Usage!.Mismatch);

    [Theory]
    [InlineData("""{"prompt_tokens":10,"total_tokens":10}""", 10, true)]
    [InlineData("""{"total_tokens":10}""", 10, true)]
    [InlineData("""{"prompt_tokens":10,"total_tokens":12}""", 12, false)]
    [InlineData("""{"prompt_tokens":12,"total_tokens":10}""", 12, false)]
    public void Embeddings_AllIsInput(string json, long input, bool addsUp)
    {
        var usage = OpenAIUsage.ReadEmbeddings(Parse(json)).Usage;

        Assert.Equal(new Usage { Input = input, Mismatch = usage!.Mismatch }, usage);
        Assert.Equal(addsUp, usage.Mismatch is null);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"prompt_tokens":"x","total_tokens":12}""")]
    public void Embeddings_NoInput_IsUnknown(string json) => Assert.NotNull(OpenAIUsage.ReadEmbeddings(Parse(json)).Incomplete);

    private static ProviderReport Read(string json, ReasoningPlace reasoning = ReasoningPlace.Within) =>
        ToldCounts.Read(Parse(json)).Report(new CountRules { Reasoning = reasoning });

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
