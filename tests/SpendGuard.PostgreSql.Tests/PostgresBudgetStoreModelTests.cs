using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests;

[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class PostgresBudgetStoreModelTests(TestDatabase database) : BudgetStoreModelChecks, IClassFixture<TestDatabase>
{
    protected override int Samples => Soak > 1 ? 60 : 20;

    protected override bool HasOwnClock => true;

    protected override async Task<IBudgetStore> OpenAsync() => await PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = $"tenant {Guid.NewGuid()}", Timeout = TestDatabase.Patience });
}
