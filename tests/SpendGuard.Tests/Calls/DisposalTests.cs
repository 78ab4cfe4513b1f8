using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Calls;

/// <summary>The engine is disposed while calls are in flight. None is lost, and nobody who has a paid answer gets an exception for it.</summary>
public sealed class DisposalTests : IDisposable
{
    private static readonly ProviderReport Report = new() { Usage = new Usage { Input = 100, Output = 10 } };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CallInFlight_IsForfeited_AndItsEndComesLate_SaysSo()
    {
        var engine = await OpenAsync();
        var call = await engine.ReserveAsync(Call());
        await engine.DisposeAsync();

        var settlement = await call.EndAsync(Report);

        Assert.True(settlement.IsPending);
        await AssertOverAsync(spent: call.Reservation.Held);
    }

    [Fact]
    public async Task EndThatIsBeingCommitted_IsWaitedFor()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var store = new DoubtfulStore(await SqliteBudgetStore.OpenAsync(Options()));
        var engine = new SpendGuardEngine(store, new Prices(PriceBook.LoadBundled()));
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        var call = await engine.ReserveAsync(Call());
        store.OnCommand = kind =>
        {
            if (kind == nameof(Settle))
            {
                begun.Set();
                goOn.Wait();
            }
        };

        var end = Task.Run(async () => await call.EndAsync(Report));
        begun.Wait();
        var disposed = engine.DisposeAsync().AsTask();
        goOn.Set();

        var settlement = await end;
        await disposed;
        Assert.False(settlement.IsPending);
        await AssertOverAsync(settlement.Charged);
    }

    [Fact]
    public async Task CallThatWaitsForItsBudget_IsRefusedAtOnce_AndNothingIsHeld()
    {
        var engine = await OpenAsync(maxInFlight: 1);
        var call = await engine.ReserveAsync(Call());
        var waiting = Task.Run(async () => await engine.ReserveAsync(Call()));
        await engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await engine.ReserveAsync(Call()));
        await AssertOverAsync(call.Reservation.Held);
    }

    /// <summary>Calls, ends, streams that were left and the disposal, all at once, in any order that the threads make of it.</summary>
    [Fact]
    public async Task AllAtOnce_WhateverTheOrder_EveryHoldEnds_AndEveryAnswerIsGiven()
    {
        for (var round = 0; round < 30; round++)
        {
            var path = _folder.File($"{round}.db");
            var engine = await OpenAsync(path: path);
            using var start = new SemaphoreSlim(0);
            var calls = Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
            {
                await start.WaitAsync();
                ReservedCall call;
                try
                {
                    call = await engine.ReserveAsync(Call());
                }
                catch (ObjectDisposedException)
                {
                    return;
                }

                if (number % 4 == 0)
                {
                    call.EndInBackground(async _ => await call.EndAsync(Report), TimeSpan.FromSeconds(1));
                }
                else
                {
                    await call.EndAsync(Report);
                }
            })).ToList();
            var disposing = Task.Run(async () =>
            {
                await start.WaitAsync();
                await engine.DisposeAsync();
            });
            start.Release(calls.Count + 1);

            await Task.WhenAll(calls);
            await disposing;
            await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });
            Assert.Equal(0, (await store.FindBudgetAsync("a", default))!.InFlight);
            await Books.AssertBalancedAsync(store);
        }
    }

    private async Task<SpendGuardEngine> OpenAsync(int? maxInFlight = null, string? path = null)
    {
        var engine = new SpendGuardEngine(
            await SqliteBudgetStore.OpenAsync(path is null ? Options() : new SqliteStoreOptions { Path = path }), new Prices(PriceBook.LoadBundled()));
        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: maxInFlight);
        return engine;
    }

    private SqliteStoreOptions Options() => new() { Path = _folder.File("budget.db") };

    private async Task AssertOverAsync(Money spent)
    {
        await using var store = await SqliteBudgetStore.OpenAsync(Options());
        var budget = (await store.FindBudgetAsync("a", default))!;
        Assert.Equal((0, Money.Zero, spent), (budget.InFlight, budget.Held, budget.Spent));
        await Books.AssertBalancedAsync(store);
    }

    private static ModelCall Call() => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o"),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };
}
