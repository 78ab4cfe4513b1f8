using SpendGuard.Billing;

namespace SpendGuard.Tests.Billing;

public sealed class OverlappingCountsTests
{
    private const ReasoningPlace Within = ReasoningPlace.Within;
    private const ReasoningPlace Beside = ReasoningPlace.Beside;
    private const ReasoningPlace OnlyBeside = ReasoningPlace.OnlyBeside;

    /// <summary>Of ten input tokens and the output, the total decides where reasoning is, or the provider where there is none.</summary>
    [Theory]
    [InlineData(Within, 5, 3, 0, null, 5, true)]
    [InlineData(Within, 5, 3, 0, 15L, 5, true)]
    [InlineData(Within, 5, 3, 0, 18L, 8, true)]
    [InlineData(Within, 5, 3, 0, 20L, 10, false)]
    [InlineData(Within, 5, 3, 0, 12L, 5, false)]
    [InlineData(Within, 5, 7, 0, null, 12, false)]
    [InlineData(Within, 5, 7, 0, 15L, 12, false)]
    [InlineData(Within, 5, 0, 6, null, 11, false)]
    [InlineData(Beside, 5, 3, 0, null, 8, true)]
    [InlineData(Beside, 5, 3, 0, 15L, 5, true)]
    [InlineData(Beside, 5, 3, 0, 18L, 8, true)]
    [InlineData(Beside, 5, 3, 0, 17L, 8, false)]
    [InlineData(OnlyBeside, 5, 3, 0, null, 8, true)]
    [InlineData(OnlyBeside, 5, 3, 0, 15L, 8, false)]
    [InlineData(OnlyBeside, 5, 3, 0, 18L, 8, true)]
    [InlineData(OnlyBeside, 5, 3, 0, 20L, 10, false)]
    public void Output_IsReadAsTheDearestThatTheCountsAllow(
        ReasoningPlace place, long output, long reasoning, long audio, long? total, long billed, bool addsUp)
    {
        var usage = new OverlappingCounts
        {
            Input = 10,
            Output = output,
            ReasoningOutput = reasoning,
            AudioOutput = audio,
            Total = total,
            Reasoning = place,
        }.ToUsage()!;

        Assert.Equal((billed, reasoning, audio), (usage.TotalOutput, usage.ReasoningOutput, usage.AudioOutput));
        Assert.Equal(addsUp, usage.Mismatch is null);
    }

    [Fact]
    public void Input_IsTakenApart_AndWhatIsBesideIsAdded()
    {
        var usage = new OverlappingCounts
        {
            Input = 100,
            CachedInput = 10,
            CacheWrite = 20,
            LongCacheWrite = 5,
            AudioInput = 15,
            InputBeside = 7,
            Output = 1,
            Total = 108,
        }.ToUsage();

        Assert.Equal(new Usage { Input = 57, CachedInput = 10, CacheWrite = 20, LongCacheWrite = 5, AudioInput = 15, Output = 1 }, usage);
    }

    [Fact]
    public void Input_ThatIsLessThanItsParts_IsBesideThem()
    {
        var usage = new OverlappingCounts { Input = 10, CachedInput = 6, CacheWrite = 5, Output = 1 }.ToUsage()!;

        Assert.Equal((21, 10), (usage.TotalInput, usage.Input));
        Assert.Equal("of 10 input tokens, 6 are cached, 5 written to a cache and 0 audio", usage.Mismatch);
    }

    /// <summary>
    /// Of 100 input tokens, 30 that were read from a cache and 20 that were written to one, and 50 output tokens: the total decides whether
    /// the cache is within the input, or the provider where there is none.
    /// </summary>
    [Theory]
    [InlineData(CachePlace.Within, null, 50, 50, true)]
    [InlineData(CachePlace.Within, 150L, 50, 50, true)]
    [InlineData(CachePlace.Within, 200L, 100, 50, true)]
    [InlineData(CachePlace.Within, 190L, 50, 90, false)]
    [InlineData(CachePlace.Beside, null, 100, 50, true)]
    [InlineData(CachePlace.Beside, 150L, 50, 50, true)]
    [InlineData(CachePlace.Beside, 200L, 100, 50, true)]
    [InlineData(CachePlace.OnlyBeside, null, 100, 50, true)]
    [InlineData(CachePlace.OnlyBeside, 150L, 100, 50, true)]
    [InlineData(CachePlace.OnlyBeside, 200L, 100, 50, true)]
    [InlineData(CachePlace.OnlyBeside, 260L, 100, 110, false)]
    public void Cache_IsWhereTheTotalTells(CachePlace place, long? total, long plain, long output, bool addsUp)
    {
        var usage = new OverlappingCounts { Input = 100, CachedInput = 30, CacheWrite = 20, Output = 50, Total = total, Cache = place }.ToUsage()!;

        Assert.Equal(new Usage { Input = plain, CachedInput = 30, CacheWrite = 20, Output = output, Mismatch = usage.Mismatch }, usage);
        Assert.Equal(addsUp, usage.Mismatch is null);
    }

    /// <summary>Bedrock's counts: almost all of the input is read from a cache, which is in the total and not in the input.</summary>
    [Fact]
    public void Cache_ThatIsMoreThanTheInput_IsNotOutput() => Assert.Equal(
        new Usage { Input = 3, CachedInput = 12_000, CacheWrite = 304, Output = 550 },
        new OverlappingCounts { Input = 3, CachedInput = 12_000, CacheWrite = 304, Output = 550, Total = 12_857 }.ToUsage());

    [Fact]
    public void Total_ThatDoesNotAddUp_IsToldWithTheFigures() => Assert.Equal(
        "10 input tokens, 7 of tools and 5 output tokens (3 reasoning, 0 audio) do not come to a total of 30",
        new OverlappingCounts { Input = 10, InputBeside = 7, Output = 5, ReasoningOutput = 3, Total = 30 }.ToUsage()!.Mismatch);

    [Theory]
    [InlineData(-1, 1, null)]
    [InlineData(1, -1, null)]
    [InlineData(1, 1, -2L)]
    [InlineData(long.MaxValue, 1, null)]
    [InlineData(1, long.MaxValue, null)]
    [InlineData(1, 1, long.MaxValue)]
    public void Count_BeyondReason_IsUnknown(long input, long output, long? total) =>
        Assert.Null(new OverlappingCounts { Input = input, Output = output, Total = total }.ToUsage());

    [Theory]
    [InlineData(null, null)]
    [InlineData(-1L, 5L)]
    [InlineData(null, long.MaxValue)]
    public void InputAlone_OfUnknownCount_IsUnknown(long? input, long? total) => Assert.Null(OverlappingCounts.OfInput(input, total));
}
