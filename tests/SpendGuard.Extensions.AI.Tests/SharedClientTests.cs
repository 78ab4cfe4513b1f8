using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>One client for many agents and calls at once: scopes, and budgets that let one call in at a time.</summary>
public sealed class SharedClientTests : IAsyncLifetime
{
    private Guarded _guarded = null!;

    public async Task InitializeAsync() =>
        _guarded = await Guarded.StartAsync(new SpendGuardOptions { LockedWait = TimeSpan.FromMinutes(5) });

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scope_SeveralAgentsInParallel_EachPaysForItsOwnCalls(bool stream)
    {
        string[] models = ["gpt-4o", "gpt-4o-mini", "gpt-5.6"];
        var client = _guarded.Chat(agent: "nobody");
        foreach (var model in models)
        {
            await _guarded.SetBudgetAsync(Money.FromDollars(10), agent: $"agent {model}");
        }

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var model = models[i % models.Length];
            using var scope = SpendGuardScope.Begin($"agent {model}", $"run {model}");
            await client.AskAsync($"question {i}", stream, new ChatOptions { ModelId = model, MaxOutputTokens = 100 });
        })));

        await _guarded.AssertPaidAsBilledAsync();
        var ledger = await _guarded.LedgerAsync();
        foreach (var model in models)
        {
            var billed = _guarded.Provider.Calls.Where(call => call.Model == model).Sum(call => call.ChargeMicrocents);
            var own = ledger.Where(entry => entry.Agent!.Value.Value == $"agent {model}").ToList();
            Assert.Equal(billed, own[^1].Spent.Microcents);
            Assert.Equal(20, own.Count(entry => entry.Kind == LedgerEntryKind.Settled));
            Assert.All(own.Where(entry => entry.Reservation is not null), entry => Assert.Equal($"run {model}", entry.Run?.Value));
            Assert.All(own.Where(entry => entry.Reservation is not null), entry => Assert.Equal($"openai:{model}", entry.Model));
        }
    }

    [Fact]
    public async Task Scope_InnerOneEnds_TheOuterIsInForceAgain()
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(1), agent: "a");
        await _guarded.SetBudgetAsync(Money.FromDollars(1), agent: "b");
        var client = _guarded.Chat(agent: "a");
        using (SpendGuardScope.Begin("b"))
        {
            using (SpendGuardScope.Begin("a"))
            {
                await client.GetResponseAsync("hello");
            }

            await client.GetResponseAsync("hello");
        }

        await client.GetResponseAsync("hello");

        var settled = (await _guarded.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled);
        Assert.Equal("a b a", string.Join(' ', settled.Select(entry => entry.Agent!.Value.Value)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneInFlight_TheOthersWait_AndTheProviderSeesThemOneByOne(bool stream)
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(1), maxInFlight: 1);
        var atOnce = 0;
        var most = 0;
        _guarded.Provider.OnArrival = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            Assert.Equal(1, (await _guarded.BudgetAsync()).InFlight);
            Interlocked.Decrement(ref atOnce);
        };
        var client = _guarded.Chat();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => client.AskAsync("hello", stream))));

        Assert.Equal(1, most);
        Assert.Equal(10, _guarded.Provider.Bill.BilledCalls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task OneInFlight_TheFirstNeverEnds_TheSecondIsRefusedAsLocked()
    {
        await using var guarded = await Guarded.StartAsync(new SpendGuardOptions { LockedWait = TimeSpan.FromMilliseconds(1) });
        await guarded.SetBudgetAsync(Money.FromDollars(1), maxInFlight: 1);
        using var stop = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        guarded.Provider.Behaviour = new Behaviour { Hang = true };
        guarded.Provider.OnArrival = _ =>
        {
            arrived.SetResult();
            return Task.CompletedTask;
        };
        var first = guarded.Chat().AskAsync("hello", stream: false, stop: stop.Token);
        await arrived.Task;
        var refusal = await Assert.ThrowsAsync<BudgetLockedException>(() => guarded.Chat().GetResponseAsync("hello"));

        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        Assert.Equal(1, refusal.Budget!.InFlight);
        Assert.Single(guarded.Provider.Calls);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task OneInFlight_ItsProcessHasDied_TheNextCallForfeitsItsHoldAndGoesThrough()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var guarded = await Guarded.StartAsync(new SpendGuardOptions { LockedWait = TimeSpan.Zero }, time);
        await guarded.SetBudgetAsync(Money.FromDollars(1), maxInFlight: 1);
        var now = time.GetUtcNow();
        var lost = new Reserve(
            ReservationId.New(), "a", Run: null, "openai:gpt-4o", Money.FromCents(1), Money.FromCents(1), now + TimeSpan.FromMinutes(5), now);
        await guarded.Store.ApplyAsync(lost, CancellationToken.None);
        await Assert.ThrowsAsync<BudgetLockedException>(() => guarded.Chat().GetResponseAsync("hello"));

        time.Advance(TimeSpan.FromMinutes(6));
        await guarded.Chat().GetResponseAsync("hello");

        Assert.Equal(guarded.Provider.Bill.TotalMicrocents + 1_000_000, (await guarded.BudgetAsync()).Spent.Microcents);
    }
}
