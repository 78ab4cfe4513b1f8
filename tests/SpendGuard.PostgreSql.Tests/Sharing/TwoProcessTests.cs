using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Sharing;

[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class TwoProcessTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>How many calls each process makes, of 3 each.</summary>
    private static readonly int Calls = Soak.Rounds(80, 300);

    [Fact]
    public async Task TwoProcessesOnOneDatabase_NeverExceedOneBudget()
    {
        await using var store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Timeout = TestDatabase.Patience });
        await store.SetAsync("a", (3 * Calls) + 1);

        using var one = LibraryProcess.Start(() => { }, "hammer", database.ConnectionString, "a", $"{Calls}");
        using var two = LibraryProcess.Start(() => { }, "hammer", database.ConnectionString, "a", $"{Calls}");
        var lines = await Task.WhenAll(one.Lines, two.Lines);

        var settled = lines.SelectMany(all => all).Count(line => line[0] is "settled");
        var budget = await store.BudgetAsync("a");
        Assert.Equal((settled * 3, 0), (budget.Spent.Microcents, budget.Held.Microcents));

        // There is room for half of them.
        Assert.Equal(3 * Calls, budget.Spent.Microcents);
        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task ManyStoresOnOneDatabase_NeverExceedOneBudget()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = "many", Timeout = TestDatabase.Patience })));
        await stores[0].SetAsync("a", 1000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var store = stores[i % stores.Length];
            var held = await store.ReserveAsync("a", $"r{i}", 7, 7);
            return held.Succeeded && (await store.SettleAsync($"r{i}", 5)).Succeeded;
        })));

        var budget = await stores[1].BudgetAsync("a");
        Assert.Equal((answers.Count(settled => settled) * 5, 0), (budget.Spent.Microcents, budget.Held.Microcents));
        await Books.AssertBalancedAsync(stores[2]);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }
}
