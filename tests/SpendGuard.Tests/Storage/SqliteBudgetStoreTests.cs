using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

public sealed class SqliteBudgetStoreTests : BudgetStoreConformance
{
    private readonly TempFolder _folder = new();

    protected override async Task<IBudgetStore> OpenAsync() =>
        await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();

        // What was there before is there again, and balances.
        await using (var reopened = await OpenAsync())
        {
            await Books.AssertBalancedAsync(reopened);
        }

        _folder.Dispose();
    }
}
