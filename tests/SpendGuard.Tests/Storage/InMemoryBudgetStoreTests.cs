using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

public sealed class InMemoryBudgetStoreTests : BudgetStoreConformance
{
    protected override Task<IBudgetStore> OpenAsync() => Task.FromResult<IBudgetStore>(new InMemoryBudgetStore());
}
