using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

[Trait(Traits.Category, Traits.Slow)]
public sealed class SqliteBudgetStoreModelTests : BudgetStoreModelChecks, IDisposable
{
    private readonly TempFolder _folder = new();
    private int _stores;

    protected override int Samples => Soak > 1 ? 120 : 40;

    public void Dispose() => _folder.Dispose();

    protected override async Task<IBudgetStore> OpenAsync() =>
        await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File($"{_stores++}.db") });
}
