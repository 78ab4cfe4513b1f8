using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Closes the budgets of a store that was restored from a back-up, which does not know what was spent since.</summary>
public static class RestoredBudgets
{
    /// <summary>
    /// Sets the limit of every budget to zero, so that none spends until it is set again to what the providers' bills leave of it.
    /// What calls in flight held at the time of the back-up stays held until it expires.
    /// </summary>
    /// <param name="engine">The engine of the restored store.</param>
    /// <param name="restoredAt">When it was restored. Budgets of agents that are newer stay open, and repeating it with the same time closes none again.</param>
    /// <param name="cancellationToken">Stops between two budgets.</param>
    /// <returns>The budgets that this closed, as they were before.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public static async ValueTask<IReadOnlyList<Budget>> CloseRestoredBudgetsAsync(
        this SpendGuardEngine engine, DateTimeOffset restoredAt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var key = $"restored {restoredAt.UtcDateTime:O}";
        var closed = new List<Budget>();
        await foreach (var agent in engine.ReadAgentsAsync(after: null, cancellationToken).ConfigureAwait(false))
        {
            if (agent.CreatedAt <= restoredAt
                && await engine.FindBudgetAsync(agent.Id, cancellationToken).ConfigureAwait(false) is { } budget
                && await CloseAsync(engine, budget, key, cancellationToken).ConfigureAwait(false))
            {
                closed.Add(budget);
            }
        }

        return closed;
    }

    /// <returns>Whether it was this that closed the budget.</returns>
    private static async ValueTask<bool> CloseAsync(SpendGuardEngine engine, Budget budget, string key, CancellationToken cancellationToken)
    {
        try
        {
            var after = await engine.SetBudgetAsync(
                budget.Agent, Money.Zero, maxInFlight: budget.MaxInFlight, idempotencyKey: key, cancellationToken: cancellationToken).ConfigureAwait(false);
            return after.HardLimit != budget.HardLimit || after.Granted != budget.Granted;
        }
        catch (IdConflictException)
        {
            // It was closed under this key before, and has been set since.
            return false;
        }
    }
}
