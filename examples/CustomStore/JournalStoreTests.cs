using SpendGuard;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;
using Xunit;

namespace CustomStore;

/// <summary>The suite that every store has to pass.</summary>
public sealed class JournalStoreConformance : BudgetStoreConformance
{
    private readonly string _path = Path.GetTempFileName();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(_path);
    }

    // A store may do without; then no report has refusals.
    protected override bool CountsRefusals => false;

    protected override Task<IBudgetStore> OpenAsync() => Task.FromResult<IBudgetStore>(new JournalStore(_path));
}

/// <summary>Random histories.</summary>
public sealed class JournalStoreModelChecks : BudgetStoreModelChecks, IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    protected override int Samples => 20;

    public void Dispose() => File.Delete(_path);

    protected override Task<IBudgetStore> OpenAsync() => Task.FromResult<IBudgetStore>(new JournalStore(_path));
}

/// <summary>What is particular to this store.</summary>
public sealed class JournalStoreTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Reopened_HasEverything()
    {
        await using (var engine = new SpendGuardEngine(new JournalStore(_path), new Prices(PriceBook.LoadBundled())))
        {
            await engine.SetBudgetAsync("researcher", Money.FromDollars(5), idempotencyKey: "first");
        }

        await using var reopened = new SpendGuardEngine(new JournalStore(_path), new Prices(PriceBook.LoadBundled()));
        Assert.Equal(Money.FromDollars(5), (await reopened.FindBudgetAsync("researcher"))!.Remaining);
        await Assert.ThrowsAsync<IdConflictException>(async () =>
            await reopened.SetBudgetAsync("researcher", Money.FromDollars(9), idempotencyKey: "first"));
    }

    [Fact]
    public async Task Opened_WhatIsNoJournal_IsRefusedAndLeftAsItIs()
    {
        await File.WriteAllTextAsync(_path, "a letter\nin two lines");

        Assert.Throws<StoreUnavailableException>(() => new JournalStore(_path));
        Assert.Equal("a letter\nin two lines", await File.ReadAllTextAsync(_path));
    }

    [Fact]
    public async Task Reopened_HalfALastLine_HasNotHappened()
    {
        await using (var engine = new SpendGuardEngine(new JournalStore(_path), new Prices(PriceBook.LoadBundled())))
        {
            await engine.SetBudgetAsync("researcher", Money.FromDollars(5));
        }

        await File.AppendAllTextAsync(_path, """{"Budget":{"Agent":"researcher","HardLimit":99""");

        await using var store = new JournalStore(_path);
        Assert.Equal(Money.FromDollars(5), (await store.FindBudgetAsync("researcher", CancellationToken.None))!.HardLimit);
        Assert.Single(await store.ReadLedgerAsync(0, agent: null, limit: 10, CancellationToken.None));
    }
}
