using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

public sealed class SqliteMigrationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FileOfTheFirstSchema_KeepsItsBooksAndTakesNewCalls()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path);

        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });

        Assert.Equal(60, (await store.BudgetAsync("a")).Available.Microcents);
        Assert.Null((await store.FindReservationAsync(new ReservationId("r"), default))!.Function);
        await store.SettleAsync("r", 30);
        Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("a", "r2", 70, 70)).Status);
        Assert.Equal(["BudgetSet", "Reserved", "Settled", "Reserved"], (await store.LedgerAsync()).Select(entry => entry.Kind.ToString()));
    }

    [Fact]
    public async Task Open_FileOfTheFirstSchema_TakesBatchesAndNames()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path);
        await using (var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path }))
        {
            Assert.Equal((1, 0), (await store.BudgetAsync("a") is var before ? before.InFlight : 0, before.Batches));
            await store.ReserveAsync("a", "batch", 20, 20, whole: true, requests: 3, cards: "{}");
            await store.NameAsync("batch", "provider:1");
            await store.NameAsync("r", "provider:2");
        }

        await using var again = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });
        Assert.Equal((2, 1), (await again.BudgetAsync("a") is var after ? after.InFlight : 0, after.Batches));
        var batch = (await again.FindNamedReservationAsync("provider:1", default))!;
        Assert.Equal((3, "{}"), (batch.Requests, batch.Cards));
        var call = (await again.FindNamedReservationAsync("provider:2", default))!;
        Assert.Equal((null, null), (call.Requests, call.Cards));
    }

    /// <summary>A program of before knows of no batches: it ends one as any hold, and leaves their count as it was.</summary>
    [Fact]
    public async Task Batch_ThatAnOlderProgramEnds_TakesNoPlaceFromCallsNorGivesOne()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path);
        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });
        await store.SetAsync("a", 100, maxInFlight: 1);
        await store.ReserveAsync("a", "batch", 20, 20, requests: 3);
        await store.SettleAsync("batch", 20);
        using (var older = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            older.Open();
            using var command = older.CreateCommand();
            command.CommandText = "UPDATE agent_budgets SET batches = 1";
            command.ExecuteNonQuery();
        }

        await store.ReleaseAsync("r");

        Assert.Equal((0, 0), (await store.BudgetAsync("a") is var budget ? budget.InFlight : 1, budget.Batches));
    }

    [Fact]
    public async Task Open_BudgetThatAnEarlierVersionLeftAboveItsLimit_IsBroughtInLineByWhatChangesItNext()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path, limit: 0);
        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });
        await using var engine = new SpendGuardEngine(store, new Prices(PriceBook.LoadBundled()));

        Assert.Equal(40, (await engine.FindBudgetAsync("a"))!.Remaining.Microcents);
        Assert.Equal(BudgetStatus.Insufficient, (await store.ReserveAsync("a", "r2", 1, 1)).Status);
        await store.SettleAsync("r", 30);

        var last = (await store.LedgerAsync())[^1];
        Assert.Equal((30, 30), (last.Granted.Microcents, last.Spent.Microcents));
        Assert.Equal(Money.Zero, (await store.BudgetAsync("a")).Remaining);
    }

    [Fact]
    public async Task Open_FileOfTheFirstSchema_TakesKeysOfItsAgents()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path);
        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });
        await using var engine = new SpendGuardEngine(store, new Prices(PriceBook.LoadBundled()));

        var made = await engine.Keys.CreateAsync("a");

        Assert.Equal(made.Key, await engine.Keys.FindAsync(made.Secret));
    }

    /// <summary>A program of before that has the file open would hold nothing in the accounts of groups, so it can do nothing more.</summary>
    [Fact]
    public async Task Open_WhileAnOlderProgramHasTheFile_RefusesWhateverThatDoesNext()
    {
        var path = _folder.File("first.db");
        CreateFirstSchema(path);
        await using var older = new SqliteConnection($"Data Source={path};Pooling=False");
        await older.OpenAsync();
        Run("UPDATE budgets SET held = 40 WHERE agent = 'a'");

        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path });

        // Every command of its begins with its agent's budget, and those that concern an agent itself with that.
        Assert.Throws<SqliteException>(() => Run("UPDATE budgets SET held = 40 WHERE agent = 'a'"));
        Assert.Throws<SqliteException>(() => Run("UPDATE agents SET name = 'after' WHERE id = 'a'"));
        Assert.Equal(40, (await store.BudgetAsync("a")).Held.Microcents);

        void Run(string sql)
        {
            using var command = older.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private static void CreateFirstSchema(string path, long limit = 100)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        string[] books =
        [
            "INSERT INTO agents (id, created_at) VALUES ('a', 1)",
            $"INSERT INTO budgets VALUES ('a', {limit}, 100, 0, 40, NULL, 1, 0)",
            $"INSERT INTO reservations VALUES (1, 'r', 'a', NULL, 'p:m', 40, 40, 40, NULL, 0, 1, {DateTime.MaxValue.Ticks})",
            "INSERT INTO ledger VALUES (1, 1, 'budget-set', 'a', NULL, NULL, NULL, 0, 100, 100, 0, 0, NULL, '100|0|')",
            $"INSERT INTO ledger VALUES (2, 1, 'reserved', 'a', 'r', NULL, 'p:m', 40, {limit}, 100, 0, 40, NULL, NULL)",
            $"PRAGMA application_id = {SqliteSchema.ApplicationId}",
            "PRAGMA user_version = 1",
        ];
        foreach (var sql in SqliteSchema.Steps[0].Concat(books))
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
