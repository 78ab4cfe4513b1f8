using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>A provider that begins to answer and then says nothing more, without closing the connection.</summary>
public sealed class SilentStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Idle = new GuardSettings().IdleTimeout;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync(options: null, _time);
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
        _guarded.Provider.Behaviour = new Behaviour { DelayBetweenEvents = TimeSpan.FromDays(1) };
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task NothingComesForTheIdleTime_TheStreamEndsAndItsHoldIsSpent(string api)
    {
        await using var updates = await StartedAsync(api, configure: null);
        var next = updates.MoveNextAsync().AsTask();
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => next);

        Assert.Contains("600 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("IdleTimeout", failure.Message, StringComparison.Ordinal);
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync()).Kind);
        var budget = await _guarded.BudgetAsync();
        Assert.Equal(Money.Zero, budget.Held);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, budget.Spent.Microcents);
    }

    [Fact]
    public async Task IdleTimeIsSet_Decides()
    {
        await using var updates = await StartedAsync("chat", client => client.IdleTimeout = TimeSpan.FromSeconds(5));
        var next = updates.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => next);
    }

    [Fact]
    public async Task ItsConsumerLeft_IsReadNoLongerThanTheDrainTime()
    {
        var updates = await StartedAsync("chat", configure: null);
        await updates.DisposeAsync();
        _time.Advance(new GuardSettings().DrainTime);

        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync()).Kind);
    }

    [Fact]
    public void IdleTime_OfNothing_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuardSettings().IdleTimeout = TimeSpan.Zero);

    /// <summary>A stream that has brought what came before the silence.</summary>
    private async Task<IAsyncEnumerator<ChatResponseUpdate>> StartedAsync(string api, Action<GuardSettings>? configure)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api), configure: configure);
        var updates = agent.GetStreamingResponseAsync("hello world", new ChatOptions { MaxOutputTokens = 100 }).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        return updates;
    }
}
