using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;

namespace SpendGuard.Extensions.AI.Tests.Counts;

/// <summary>Usage as adapters hand it on, in a stream: the budget loses what the provider bills, and no less than the hold where it is not told.</summary>
public sealed class UsageShapeTests : IAsyncLifetime
{
    private const string Model = "claude-sonnet-5";

    /// <summary>What 1,000 tokens cost at this model: input, read from a cache, written to one, output.</summary>
    private const long Input = 200_000, Cached = 20_000, Written = 250_000, Output = 1_000_000;

    private Guarded _guarded = null!;

    /// <summary>The adapter, what it tells, and what is billed; null where that is not told.</summary>
    public static TheoryData<string, ChatResponseUpdate[], long?> Shapes => new()
    {
        { "at the end", [Text, Told(1_000, 2_000, 3_000)], Input + (2 * Output) },
        { "cumulatively in each update", [Text, Told(1_000, 500, 1_500), Text, Told(1_000, 1_000, 2_000), Text, Told(1_000, 2_000, 3_000)], Input + (2 * Output) },
        { "twice", [Text, Told(1_000, 2_000, 3_000), Told(1_000, 2_000, 3_000)], Input + (2 * Output) },
        { "in parts", [Told(1_000, 0, 1_000), Text, Told(0, 500, 500), Told(0, 1_500, 1_500)], Input + (2 * Output) },
        { "growing, which may be parts", [Told(1_000, 500, 1_500), Text, Told(2_000, 1_500, 3_500)], (3 * Input) + (2 * Output) },
        {
            "cache in the total and outside of the input",
            [Text, Told(1_000, 2_000, 7_000, ("CacheReadInputTokens", 3_000), ("CacheWriteInputTokens", 1_000))], Input + (3 * Cached) + Written + (2 * Output)
        },
        {
            "cache outside of the input and of the total",
            [Text, Told(1_000, 2_000, 3_000, ("CacheReadInputTokens", 3_000), ("CacheCreationInputTokens", 1_000))], Input + (3 * Cached) + Written + (2 * Output)
        },
        {
            "cache within the input, by another name",
            [Text, Told(5_000, 2_000, 7_000, ("InputTokenDetails.CachedTokenCount", 3_000), ("prompt_cache_hit_tokens", 3_000))], (2 * Input) + (3 * Cached) + (2 * Output)
        },
        { "times", [Text, Told(1_000, 2_000, 3_000, ("load_duration", 5), ("TotalDuration", 7))], Input + (2 * Output) },
        { "no input", [Text, Told(0, 2_000, 2_000)], null },
        { "no input at all", [Text, Told(null, 2_000, null)], null },
        { "no output", [Text, Told(1_000, 0, 1_000)], null },
        { "a number that nobody knows", [Text, Told(1_000, 2_000, 3_000, ("billing_units", 1))], null },
        { "before more of the answer", [Told(1_000, 1, 1_001), Text], null },
        { "not at all", [Text], null },
    };

    private static ChatResponseUpdate Text => new(ChatRole.Assistant, "All right");

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task UsageOfAnAdapter_IsChargedAsBilled(string _, ChatResponseUpdate[] updates, long? billed)
    {
        await AskAsync(breaks: false, updates);

        await AssertChargedAsync(billed);
    }

    /// <summary>Of a stream that breaks, usage is of the whole when it was told with the finish, or after it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamBreaks_UsageIsWholeWhereTheAnswerHadFinished(bool finished)
    {
        var usage = Told(1_000, 2_000, 3_000);
        usage.FinishReason = finished ? ChatFinishReason.Stop : null;
        await Assert.ThrowsAsync<IOException>(() => AskAsync(breaks: true, Text, usage));

        await AssertChargedAsync(finished ? Input + (2 * Output) : null);
    }

    private Task<ChatResponse> AskAsync(bool breaks, params ChatResponseUpdate[] updates) => _guarded
        .Guard(new ShapedClient("anthropic", Model, breaks, updates))
        .AskAsync("hello", stream: true, new ChatOptions { MaxOutputTokens = 8_000 });

    private async Task AssertChargedAsync(long? billed)
    {
        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        var end = await _guarded.EndAsync();
        Assert.Equal(billed is null ? (LedgerEntryKind.Forfeited, held) : (LedgerEntryKind.Settled, billed.Value), (end.Kind, end.Amount.Microcents));
    }

    private static ChatResponseUpdate Told(long? input, long? output, long? total, params (string Name, long Count)[] more)
    {
        var details = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total };
        foreach (var (name, count) in more)
        {
            (details.AdditionalCounts ??= [])[name] = count;
        }

        return new ChatResponseUpdate { Contents = [new UsageContent(details)] };
    }
}
