using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>A call that takes longer than its reservation lives.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = new SpendGuardOptions().ReservationLifetime;

    private readonly BudgetFile _file = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeTimeProvider _othersTime = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Guarded _guarded = null!;
    private SqliteBudgetStore _othersStore = null!;
    private SpendGuardEngine _other = null!;

    /// <summary>An engine with a call in flight whose answer is kept back, and another engine on the same file, as in another process.</summary>
    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartOnAsync(await _file.OpenAsync(), options: null, _time);
        _guarded.Provider.OnArrival = _ =>
        {
            _arrived.SetResult();
            return _answer.Task;
        };
        _othersStore = await _file.OpenAsync();
        _other = new SpendGuardEngine(_othersStore, new Prices(MirroredPrices.Book()), time: _othersTime);
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync()
    {
        _answer.TrySetResult();
        await _other.DisposeAsync();
        await _guarded.DisposeAsync();
        _file.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallInFlight_IsRenewed_AndSettledHoweverLongItTook(bool stream)
    {
        var call = _guarded.Chat().AskAsync("hello world", stream);
        await _arrived.Task;
        for (var elapsed = TimeSpan.Zero; elapsed < 3 * Lifetime; elapsed += Lifetime / 3)
        {
            await TickAsync();
            Assert.Equal(0, await _other.ForfeitExpiredAsync());
        }

        _answer.SetResult();
        var response = await call;

        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.DoesNotContain(await _guarded.LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Forfeited);
        await AssertPaidAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RenewalFails_IsTriedAgainAtTheNextTick(bool unexpectedly)
    {
        var call = _guarded.Chat().AskAsync("hello world", stream: false);
        await _arrived.Task;
        using var failed = new SemaphoreSlim(0);
        _guarded.Store.Refuse = command =>
        {
            if (command is not Renew)
            {
                return false;
            }

            failed.Release();
            return unexpectedly ? throw new TimeoutException("No store is meant to throw this.") : true;
        };
        _time.Advance(Lifetime / 3);
        await failed.WaitAsync();

        _guarded.Store.Refuse = _ => false;
        var renewed = _guarded.Store.AppliedAsync<Renew>();
        _time.Advance(Lifetime / 3);
        await renewed;
        _othersTime.Advance(Lifetime);
        Assert.Equal(0, await _other.ForfeitExpiredAsync());
        _answer.SetResult();
        await call;
        await AssertPaidAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallThatIsRenewedNoMore_IsForfeitedByOthers_AndCorrectedWhenItSettlesLate(bool stream)
    {
        var call = _guarded.Chat().AskAsync("hello world", stream);
        await _arrived.Task;
        await TickAsync();

        // This process's time stands still, as if it were stopped; the other's goes on.
        _othersTime.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.Equal(0, await _other.ForfeitExpiredAsync());
        _othersTime.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await _other.ForfeitExpiredAsync());
        Assert.Equal(0, await _other.ForfeitExpiredAsync());
        var forfeited = (await _other.FindBudgetAsync("a"))!;
        Assert.Equal((0, Money.Zero), (forfeited.InFlight, forfeited.Held));
        Assert.True(forfeited.Spent > Money.Zero);

        _answer.SetResult();
        var response = await call;

        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Equal(
            [LedgerEntryKind.BudgetSet, LedgerEntryKind.Reserved, LedgerEntryKind.Forfeited, LedgerEntryKind.Corrected],
            (await _guarded.LedgerAsync()).Select(entry => entry.Kind));
        await AssertPaidAsync();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task CallThatWasForfeited_FailsLate_IsCorrectedOnlyIfItWasNotBilled(int status)
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, BillFailures = status == 500 };
        var call = _guarded.Chat().AskAsync("hello world", stream: false);
        await _arrived.Task;
        _othersTime.Advance(Lifetime);
        Assert.Equal(1, await _other.ForfeitExpiredAsync());
        var forfeited = (await _other.FindBudgetAsync("a"))!.Spent;

        _answer.SetResult();
        await Assert.ThrowsAsync<System.ClientModel.ClientResultException>(() => call);

        var budget = (await _other.FindBudgetAsync("a"))!;
        Assert.Equal(status == 400 ? Money.Zero : forfeited, budget.Spent);
        Assert.True(_guarded.Provider.Bill.TotalMicrocents <= budget.Spent.Microcents);
        await Books.AssertBalancedAsync(_othersStore);
    }

    /// <summary>Lets both times go on to the next renewal, and waits for it.</summary>
    private async Task TickAsync()
    {
        var expiry = await ExpiryAsync();
        var renewed = _guarded.Store.AppliedAsync<Renew>();
        _time.Advance(Lifetime / 3);
        _othersTime.Advance(Lifetime / 3);
        await renewed;
        Assert.Equal(expiry + (Lifetime / 3), await ExpiryAsync());
    }

    private async Task<DateTimeOffset> ExpiryAsync() =>
        Assert.Single(await _othersStore.FindInFlightAsync(expiredAt: null, "a", int.MaxValue, default)).ExpiresAt;

    private async Task AssertPaidAsync()
    {
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
        await Books.AssertBalancedAsync(_othersStore);
    }
}
