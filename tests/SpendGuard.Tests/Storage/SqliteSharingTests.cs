using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>One file, used again, and used by many.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SqliteSharingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Settings_AreInForce()
    {
        var connection = default(SqliteConnection);
        await using var store = await SqliteBudgetStore.OpenAsync(
            new SqliteStoreOptions { Path = _folder.File(), BusyTimeout = TimeSpan.FromSeconds(7), Opened = opened => connection = opened });

        Assert.Equal("wal", Query("journal_mode"));
        Assert.Equal("2", Query("synchronous"));
        Assert.Equal("1", Query("fullfsync"));
        Assert.Equal("1", Query("foreign_keys"));
        Assert.Equal("7000", Query("busy_timeout"));

        string? Query(string pragma)
        {
            using var command = new SqliteCommand("PRAGMA " + pragma, connection);
            return command.ExecuteScalar()?.ToString();
        }
    }

    [Fact]
    public async Task Reopened_KnowsEverything()
    {
        IReadOnlyList<LedgerEntry> ledger;
        Budget budget;
        Reservation? reservation;
        await using (var store = Store())
        {
            await store.SetAsync("a", 100, key: "k");
            await store.ReserveAsync("a", "r", 10, 20);
            await store.ReserveAsync("a", "r2", 10, 20);
            await store.SettleAsync("r2", 50);
            (ledger, budget) = (await store.LedgerAsync(), await store.BudgetAsync("a"));
            reservation = await store.FindReservationAsync(new ReservationId("r"), default);
        }

        await using var reopened = Store();
        Assert.Equal(ledger, await reopened.LedgerAsync());
        Assert.Equal(budget, await reopened.BudgetAsync("a"));
        Assert.Equal(reservation, await reopened.FindReservationAsync(new ReservationId("r"), default));
        Assert.Equal(BudgetStatus.Replayed, (await reopened.SetAsync("a", 100, key: "k")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await reopened.SetAsync("a", 101, key: "k")).Status);
        Assert.Equal(BudgetStatus.Replayed, (await reopened.ReserveAsync("a", "r", 10, 20)).Status);
        Assert.Equal(BudgetStatus.Applied, (await reopened.SettleAsync("r", 20)).Status);
    }

    [Fact]
    public async Task Dispose_FinishesWhatIsQueued()
    {
        var store = Store();
        var commands = Enumerable.Range(0, 500).Select(i => store.SetAsync($"agent {i}", 100)).ToList();

        await store.DisposeAsync();

        Assert.All(await Task.WhenAll(commands), answer => Assert.Equal(BudgetStatus.Applied, answer.Status));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.SetAsync("a", 1));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task ManyStoresThatMakeTheFileAtOnce_AgreeOnOne()
    {
        for (var round = 0; round < 10; round++)
        {
            var file = _folder.File($"{round}");
            var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
                () => SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = file, BusyTimeout = TimeSpan.FromSeconds(60) }))));
            var set = await Task.WhenAll(stores.Select(store => store.SetAsync("a", 100, key: "k")));
            Assert.Single(set, answer => answer.Status == BudgetStatus.Applied);
            foreach (var store in stores)
            {
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task TwoStoresOnOneFile_NeverExceedOneBudget()
    {
        await using var one = Store();
        await using var two = Store();
        await one.SetAsync("a", 1000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var store = i % 2 == 0 ? one : two;
            var held = await store.ReserveAsync("a", $"r{i}", 7, 7);
            return held.Succeeded ? await store.SettleAsync($"r{i}", 5) : held;
        })));

        Assert.Equal(await one.BudgetAsync("a"), await two.BudgetAsync("a"));
        var settled = answers.Count(answer => answer.Status == BudgetStatus.Applied);
        var budget = await one.BudgetAsync("a");
        Assert.Equal((settled * 5, 0), (budget.Spent.Microcents, budget.Held.Microcents));
        await Books.AssertBalancedAsync(two);
    }

    [Fact]
    public async Task TwoProcessesOnOneFile_NeverExceedOneBudget()
    {
        await using var store = Store();
        await store.SetAsync("a", 1000);
        using var one = StressChild.Hammer(_folder.File(), "a", 300);
        using var two = StressChild.Hammer(_folder.File(), "a", 300);

        var output = await Task.WhenAll(one.StandardOutput.ReadToEndAsync(), two.StandardOutput.ReadToEndAsync());
        await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());

        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        var settled = output.SelectMany(text => text.Split('\n')).Count(line => line.StartsWith("settled", StringComparison.Ordinal));
        var budget = await store.BudgetAsync("a");
        Assert.Equal((settled * 3, 0), (budget.Spent.Microcents, budget.Held.Microcents));

        // Each call takes 3, so that there is room for 333, and there were 600.
        Assert.Equal(999, budget.Spent.Microcents);
        await Books.AssertBalancedAsync(store);
    }

    private SqliteBudgetStore Store() =>
        new(new SqliteStoreOptions { Path = _folder.File(), BusyTimeout = TimeSpan.FromSeconds(60) });
}
