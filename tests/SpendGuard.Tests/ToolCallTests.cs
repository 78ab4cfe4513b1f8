using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests;

/// <summary>A tool with a price reserves and settles like a model.</summary>
public sealed class ToolCallTests : IAsyncLifetime
{
    private readonly InMemoryBudgetStore _store = new();
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.Zero });
        await _engine.SetBudgetAsync("a", Money.FromCents(10));
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Call_IsSettled_CostsItsPrice()
    {
        await using var reserved = await _engine.ReserveAsync(Search() with { Run = new RunId("r") });
        Assert.Equal(Money.FromCents(3), (await BudgetAsync()).Held);
        var settlement = await reserved.SettleAsync();

        Assert.Equal((ReservationEnd.Settled, Money.FromCents(3)), (settlement.End, settlement.Charged));
        Assert.Equal((Money.FromCents(3), Money.Zero), (settlement.Budget!.Spent, settlement.Budget.Held));
        var entry = (await LedgerAsync())[^1];
        Assert.Equal(("tool:search-web", "search-web", "r"), (entry.Model, entry.Function, entry.Run?.Value));
    }

    [Fact]
    public async Task Call_IsReleased_CostsNothing()
    {
        await using var reserved = await _engine.ReserveAsync(Search());
        await reserved.ReleaseAsync();

        Assert.Equal((Money.Zero, Money.Zero), ((await BudgetAsync()).Spent, (await BudgetAsync()).Held));
    }

    [Fact]
    public async Task Call_IsForfeitedOrAbandoned_CostsItsPrice()
    {
        await using (var forfeited = await _engine.ReserveAsync(Search()))
        {
            await forfeited.ForfeitAsync("it failed");
        }

        await using (await _engine.ReserveAsync(Search()))
        {
        }

        Assert.Equal((Money.FromCents(6), Money.Zero), ((await BudgetAsync()).Spent, (await BudgetAsync()).Held));
        Assert.Equal(2, (await LedgerAsync()).Count(entry => entry.Kind == LedgerEntryKind.Forfeited));
    }

    [Fact]
    public async Task Call_IsEndedTwice_Throws()
    {
        await using var reserved = await _engine.ReserveAsync(Search());
        await reserved.SettleAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reserved.SettleAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reserved.ReleaseAsync());
        Assert.Equal(Money.FromCents(3), (await BudgetAsync()).Spent);
    }

    [Fact]
    public async Task Price_DoesNotFit_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            async () => await _engine.ReserveAsync(Search() with { Price = Money.FromCents(11) }));
        Assert.Equal(Money.FromCents(11), refusal.Required);

        await using var held = await _engine.ReserveAsync(Search() with { Price = Money.FromCents(8) });
        await Assert.ThrowsAsync<BudgetLockedException>(async () => await _engine.ReserveAsync(Search()));
        await Assert.ThrowsAsync<BudgetNotFoundException>(async () => await _engine.ReserveAsync(Search() with { Agent = "nobody" }));
    }

    [Fact]
    public async Task Id_IsUsedTwice_IsRefused()
    {
        var id = ReservationId.New();
        await using var reserved = await _engine.ReserveAsync(Search() with { ReservationId = id });

        await Assert.ThrowsAsync<IdConflictException>(async () => await _engine.ReserveAsync(Search() with { ReservationId = id }));
    }

    [Fact]
    public async Task Engine_IsDisposed_ForfeitsWhatIsInFlight()
    {
        await using (var engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled())))
        {
            await engine.ReserveAsync(Search());
        }

        Assert.Equal(Money.FromCents(3), (await BudgetAsync()).Spent);
    }

    [Fact]
    public void Price_IsNegative_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Search() with { Price = Money.FromMicrocents(-1) });

    private static ToolCall Search() => new() { Agent = "a", Tool = "search-web", Price = Money.FromCents(3) };

    private async Task<Budget> BudgetAsync() => (await _store.FindBudgetAsync("a", CancellationToken.None))!;

    private ValueTask<IReadOnlyList<LedgerEntry>> LedgerAsync() => _store.ReadLedgerAsync(0, "a", int.MaxValue, CancellationToken.None);
}
