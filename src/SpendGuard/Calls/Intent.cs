using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls;

/// <summary>Something that this process means to commit for a reservation, as often as it takes.</summary>
internal abstract class Intent
{
    protected Intent(ReservationId id, AgentId agent) => (Id, Agent) = (id, agent);

    /// <summary>The reservation that it is about.</summary>
    public ReservationId Id { get; }

    /// <summary>Whose budget it changes.</summary>
    public AgentId Agent { get; }

    /// <summary>The accounts that it changes, as far as that is known.</summary>
    public virtual AccountKeys Accounts => AccountKeys.None;

    /// <summary>Tries to commit it. Committing it twice changes nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="now">The time.</param>
    /// <returns>What the store answered; null when it has to be tried again.</returns>
    public abstract ValueTask<BudgetAnswer?> TryAsync(IBudgetStore store, DateTimeOffset now);
}
