using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

[Trait(Traits.Category, Traits.Slow)]
public sealed class InMemoryBudgetStoreModelTests : BudgetStoreModelChecks
{
    protected override int Samples => Soak > 1 ? 800 : 250;

    protected override Task<IBudgetStore> OpenAsync() => Task.FromResult<IBudgetStore>(new InMemoryBudgetStore());
}
