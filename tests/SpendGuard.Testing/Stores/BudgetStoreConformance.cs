using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>What every store has to do. Derive from it, say how to open a fresh store, and it runs.</summary>
public abstract partial class BudgetStoreConformance : IAsyncLifetime
{
    private IBudgetStore? _store;

    protected IBudgetStore Store => _store ?? throw new InvalidOperationException("The test has not started.");

    /// <summary>Opens a store without content.</summary>
    protected abstract Task<IBudgetStore> OpenAsync();

    public virtual async Task InitializeAsync() => _store = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        if (_store is not null)
        {
            await Books.AssertBalancedAsync(_store);
            await _store.DisposeAsync();
        }
    }

    private async Task AssertBudgetAsync(string agent, long granted, long spent, long held, int inFlight)
    {
        var budget = await Store.BudgetAsync(agent);
        Assert.Equal(
            (granted, spent, held, inFlight),
            (budget.Granted.Microcents, budget.Spent.Microcents, budget.Held.Microcents, budget.InFlight));
    }
}
