using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>A store that changes nothing of another one keeps the contract as that one does.</summary>
public sealed class DelegatingBudgetStoreTests : BudgetStoreConformance
{
    [Fact]
    public async Task Dispose_ClosesTheInnerStore()
    {
        var inner = new Counting(new InMemoryBudgetStore());

        await new Unchanged(inner).DisposeAsync();

        Assert.Equal(1, inner.Disposals);
    }

    protected override Task<IBudgetStore> OpenAsync() => Task.FromResult<IBudgetStore>(new Unchanged(new InMemoryBudgetStore()));

    private sealed class Unchanged(IBudgetStore inner) : DelegatingBudgetStore(inner);

    private sealed class Counting(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public int Disposals { get; private set; }

        public override ValueTask DisposeAsync()
        {
            Disposals++;
            return base.DisposeAsync();
        }
    }
}
