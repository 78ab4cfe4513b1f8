using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Pooling;

/// <summary>The suite of stores through a pooler in transaction mode, which nobody has told the store of.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PooledStoreTests(PooledDatabase database) : BudgetStoreConformance, IClassFixture<PooledDatabase>
{
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";

    protected override bool HasOwnClock => true;

    protected override async Task<IBudgetStore> OpenAsync() => await PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = TestDatabase.Patience });
}
