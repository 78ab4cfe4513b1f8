using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Telemetry;

/// <summary>A store in memory that stops committing when it is told to.</summary>
internal sealed class FailingStore() : DelegatingBudgetStore(new InMemoryBudgetStore())
{
    public bool Fails { get; set; }

    public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
        Fails ? throw new StoreUnavailableException("The disk is full.") : base.ApplyAsync(command, cancellationToken);
}
