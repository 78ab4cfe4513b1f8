using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PostgresBudgetStoreTests(TestDatabase database) : BudgetStoreConformance, IClassFixture<TestDatabase>
{
    // The tests share the tables: whatever one of them could see of another would show.
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";

    protected override bool HasOwnClock => true;

    protected override async Task<IBudgetStore> OpenAsync() => await PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = TestDatabase.Patience });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();

        // What was there before is there again, and balances.
        await using var reopened = await OpenAsync();
        await Books.AssertBalancedAsync(reopened);
    }
}
