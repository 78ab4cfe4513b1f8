using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>What every store has to do, test by test.</summary>
/// <remarks>
/// Derive a class from it that opens your store, and run your tests: that is all. After each test the whole ledger is replayed, and what the
/// store says of an agent has to follow from it, entry by entry. <see cref="BudgetStoreModelChecks"/> is the other half. What the suite cannot see is whether an answer is on disk: that a
/// store that is opened again has everything, also after a crash, is for tests of your own.
/// </remarks>
[Experimental(ApiTier.Stores)]
public abstract partial class BudgetStoreConformance : IAsyncLifetime
{
    private IBudgetStore? _store;

    /// <summary>The store under test.</summary>
    protected IBudgetStore Store => _store ?? throw new InvalidOperationException("The test has not started.");

    /// <summary>
    /// Whether the store has a clock of its own that tells what has expired (<see cref="BudgetState.Now"/>), as one has that is used by several
    /// machines. If not, it takes the time of each command.
    /// </summary>
    protected virtual bool HasOwnClock => false;

    /// <summary>Opens a store without content, which the test disposes.</summary>
    protected abstract Task<IBudgetStore> OpenAsync();

    /// <summary>Opens the store.</summary>
    public virtual async Task InitializeAsync() => _store = await OpenAsync();

    /// <summary>Audits the store and closes it.</summary>
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
