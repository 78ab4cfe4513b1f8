using System.Net.Http.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>A stream that tells what it has cost so far, and then stands still and does not listen to its token: it ends by what was told.</summary>
public sealed class GivenUpStreamTests : IAsyncLifetime
{
    /// <summary>What a token costs at this model.</summary>
    private const long Input = 200, Output = 1_000;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TaskCompletionSource _goesOn = new();
    private Guarded _guarded = null!;

    public enum By
    {
        ConsumerThatLeft,
        EngineThatIsDisposed,
        Expiry,
        Silence,
    }

    /// <summary>Who gives it up, how much output was told, whether that was all, and what is charged; null for the hold.</summary>
    public static TheoryData<By, int, bool, long?> Ways
    {
        get
        {
            var ways = new TheoryData<By, int, bool, long?>();
            foreach (var by in Enum.GetValues<By>())
            {
                ways.Add(by, 50, false, null);
                ways.Add(by, 90_000, false, (100 * Input) + (90_000 * Output));
                ways.Add(by, 50, true, by == By.Expiry ? null : (100 * Input) + (50 * Output));
                ways.Add(by, 90_000, true, (100 * Input) + (90_000 * Output));
            }

            return ways;
        }
    }

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync(options: null, _time);
        await _guarded.SetBudgetAsync(Money.FromDollars(1_000));
    }

    public async Task DisposeAsync()
    {
        _goesOn.TrySetResult();
        await _guarded.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Stream_IsGivenUp_EndsByWhatWasTold(By by, int output, bool isAll, long? charged)
    {
        var updates = await StartedAsync(new ShapedClient("anthropic", "claude-sonnet-5", breaks: false, Text, Told(output, isAll)) { After = _goesOn.Task });
        await GiveUpAsync(by, updates);

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        var end = await _guarded.EndAsync();
        Assert.Equal(
            (isAll && by != By.Expiry ? LedgerEntryKind.Settled : LedgerEntryKind.Forfeited, charged ?? held), (end.Kind, end.Amount.Microcents));
    }

    /// <summary>What was told is of the attempt that was answered: the one before it is forfeited at its hold.</summary>
    [Theory]
    [InlineData(By.ConsumerThatLeft)]
    [InlineData(By.EngineThatIsDisposed)]
    public async Task SecondAttempt_IsGivenUp_ItsHoldEndsByWhatWasTold(By by)
    {
        using var http = new HttpClient();
        var shaped = new ShapedClient("anthropic", "claude-sonnet-5", breaks: false, Text, Told(90_000, isAll: false))
        {
            Before = async () =>
            {
                foreach (var status in (int?[])[500, null])
                {
                    _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status };
                    using var response = await http.PostAsJsonAsync(
                        new Uri(_guarded.Provider.BaseAddress, "v1/messages"),
                        new { model = "claude-sonnet-5", max_tokens = 9, messages = new[] { new { role = "user", content = "hello" } } });
                }
            },
            After = _goesOn.Task,
        };
        var updates = await StartedAsync(shaped);
        await GiveUpAsync(by, updates);
        await _guarded.EndAsync(2);

        var ledger = await _guarded.LedgerAsync();
        var held = ledger.First(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        Assert.Equal(
            [held, (100 * Input) + (90_000 * Output)],
            ledger.Where(entry => entry.Kind == LedgerEntryKind.Forfeited).Select(entry => entry.Amount.Microcents).Order());
    }

    private static ChatResponseUpdate Text => new(ChatRole.Assistant, "All right");

    private static ChatResponseUpdate Told(int output, bool isAll) => new()
    {
        Contents = [new UsageContent(new UsageDetails { InputTokenCount = 100, OutputTokenCount = output, TotalTokenCount = 100 + output })],
        FinishReason = isAll ? ChatFinishReason.Stop : null,
    };

    /// <summary>A stream whose updates have been read.</summary>
    private async Task<IAsyncEnumerator<ChatResponseUpdate>> StartedAsync(IChatClient shaped)
    {
        var updates = _guarded.Guard(shaped)
            .GetStreamingResponseAsync("hello", new ChatOptions { MaxOutputTokens = 100 })
            .GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.True(await updates.MoveNextAsync());
        return updates;
    }

    private async Task GiveUpAsync(By by, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        switch (by)
        {
            case By.ConsumerThatLeft:
                await updates.DisposeAsync();
                _time.Advance(new GuardSettings().DrainTime);
                break;
            case By.EngineThatIsDisposed:
                _ = updates.MoveNextAsync().AsTask();
                await _guarded.Engine.DisposeAsync();
                break;
            case By.Expiry:
                for (var minutes = 0; minutes < 68; minutes++)
                {
                    _time.Advance(TimeSpan.FromMinutes(1));
                    await _guarded.Engine.ForfeitExpiredAsync();
                }

                break;
            case By.Silence:
                var next = updates.MoveNextAsync().AsTask();
                _time.Advance(new GuardSettings().IdleTimeout);
                await Assert.ThrowsAsync<TimeoutException>(() => next);
                break;
        }
    }
}
