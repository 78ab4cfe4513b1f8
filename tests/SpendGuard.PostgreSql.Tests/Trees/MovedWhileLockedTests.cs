using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Faults;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Trees;

/// <summary>The way to the root is looked up before it is locked: what changes it meanwhile is seen.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class MovedWhileLockedTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("UPDATE spendguard.nodes SET parent = 'new' WHERE id = 'agent'")]
    [InlineData("UPDATE spendguard.nodes SET parent = 'new' WHERE id = 'old'")]
    public async Task Reserve_WhileTheNodeIsMoved_HoldsWhereItIsNow(string move)
    {
        var tenant = $"tenant {Guid.NewGuid()}";
        await using var store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = tenant, Timeout = TestDatabase.Patience });
        await store.LimitAsync("new", Limit.Total(StoreSteps.Amount(30)));
        await store.GroupAsync("old");
        await store.AgentAsync("agent", under: "old");
        await store.SetAsync("agent", 1000);

        Task<BudgetAnswer> reserve;
        await using (var mover = await BudgetLock.MoveAsync(database.ConnectionString, tenant, move))
        {
            reserve = store.ReserveAsync("agent", "r", 1, 50);
            await mover.UntilWaitedForAsync();
            Assert.False(reserve.IsCompleted);
            await mover.CommitAsync();
        }

        var answer = await reserve;
        Assert.Equal((BudgetStatus.Applied, 30), (answer.Status, answer.Reservation!.Held.Microcents));
        Assert.Equal(new AccountKeys([new AccountKey("new", "total", 1)]), answer.Reservation.Accounts);
        await AccountTable.AssertBalancedAsync(store, database.ConnectionString, tenant);
    }
}
