using SpendGuard.Alerts;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>A store whose alerts are delivered in the background, from now until it is disposed of.</summary>
internal sealed class DeliveringStore(IBudgetStore store, AlertDelivery delivery) : DelegatingBudgetStore(store)
{
    public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        var answer = await Inner.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        if (answer.HasAlerts)
        {
            delivery.Pulse();
        }

        return answer;
    }

    /// <summary>What delivers them first: it is in the store that it notes what became of them.</summary>
    public override async ValueTask DisposeAsync()
    {
        await delivery.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
