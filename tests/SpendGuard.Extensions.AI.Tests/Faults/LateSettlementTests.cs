using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>The provider has answered and billed, and the store cannot commit what the call cost.</summary>
public sealed class LateSettlementTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly BudgetFile _file = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _refused = new(0);

    public void Dispose()
    {
        _file.Dispose();
        _refused.Dispose();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public async Task StoreFailsForAWhile_TheHoldStays_AndTheEngineSettlesItExactly(int failures, bool stream)
    {
        await using var guarded = await Guarded.StartOnAsync(await _file.OpenAsync(), options: null, _time);
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        RefuseSettlements(guarded.Store, failures);

        AssertPending(await guarded.Chat().AskAsync("hello world", stream), guarded);
        await AssertHeldAsync(guarded);
        for (var failure = 1; failure <= failures; failure++)
        {
            await _refused.WaitAsync();
            await AssertHeldAsync(guarded);
            _time.Advance(Tick);
        }

        Assert.Equal(LedgerEntryKind.Settled, (await guarded.EndAsync()).Kind);
        Assert.Single(guarded.Provider.Calls);
        await guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreWorksAgainWhenTheEngineCloses_ItIsSettledThen(bool stream)
    {
        await using var guarded = await Guarded.StartOnAsync(await _file.OpenAsync(), options: null, _time);
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        RefuseSettlements(guarded.Store, failures: 1);
        AssertPending(await guarded.Chat().AskAsync("hello world", stream), guarded);

        await guarded.Engine.DisposeAsync();

        await guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreFailsTillTheProcessEnds_TheNextOneForfeitsTheHold(bool stream)
    {
        Money held;
        long billed;
        await using (var guarded = await Guarded.StartOnAsync(await _file.OpenAsync(), options: null, _time))
        {
            await guarded.SetBudgetAsync(Money.FromDollars(1));
            RefuseSettlements(guarded.Store, int.MaxValue);
            AssertPending(await guarded.Chat().AskAsync("hello world", stream), guarded);
            await guarded.Engine.DisposeAsync();
            held = await AssertHeldAsync(guarded);
            billed = guarded.Provider.Bill.TotalMicrocents;
        }

        var store = await _file.OpenAsync();
        await using var next = new SpendGuardEngine(store, new Prices(MirroredPrices.Book()), time: _time);
        Assert.Equal(held, (await next.FindBudgetAsync("a"))!.Held);
        _time.Advance(TimeSpan.FromMinutes(5));

        var budget = await next.FindBudgetAsync("a");
        Assert.Equal((held, Money.Zero, 0), (budget!.Spent, budget.Held, budget.InFlight));
        Assert.InRange(billed, 1, budget.Spent.Microcents);
        var ledger = await store.ReadLedgerAsync(0, agent: null, int.MaxValue, default);
        Assert.Equal(
            [LedgerEntryKind.BudgetSet, LedgerEntryKind.Reserved, LedgerEntryKind.Forfeited], ledger.Select(entry => entry.Kind));
        await Books.AssertBalancedAsync(store);
    }

    private void RefuseSettlements(WatchedStore store, int failures) => store.Refuse = command =>
    {
        if (command is not Settle || failures == 0)
        {
            return false;
        }

        failures--;
        _refused.Release();
        return true;
    };

    /// <summary>The caller has the answer that was paid for, which says what is going to be charged.</summary>
    private static void AssertPending(Microsoft.Extensions.AI.ChatResponse response, Guarded guarded)
    {
        Assert.NotEmpty(response.Text);
        Assert.True(response.Get<bool>(SettlementProperties.Pending));
        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(guarded.Provider.Bill.TotalMicrocents, response.Get<long>(SettlementProperties.ChargedMicrocents));
        Assert.False(response.AdditionalProperties!.ContainsKey(SettlementProperties.RemainingMicrocents));
    }

    private static async Task<Money> AssertHeldAsync(Guarded guarded)
    {
        var budget = await guarded.BudgetAsync();
        Assert.Equal((1, Money.Zero), (budget.InFlight, budget.Spent));
        Assert.True(budget.Held.Microcents >= guarded.Provider.Bill.TotalMicrocents);
        return budget.Held;
    }
}
