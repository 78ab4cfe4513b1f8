using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a command concerns: all that a store has to look up for it before <see cref="BudgetRules.Decide"/>.</summary>
[Experimental(ApiTier.Stores)]
public sealed class BudgetLookup
{
    internal BudgetLookup()
    {
    }

    /// <summary>The agent itself, which the command may change; null when it does not concern the agent itself.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>Whose budget is concerned; null when it is that of the agent whom the <see cref="Reservation"/> belongs to.</summary>
    public AgentId? BudgetOf { get; init; }

    /// <summary>The reservation; null for none.</summary>
    public ReservationId? Reservation { get; init; }

    /// <summary>The name that a reservation may have already; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The key under which <see cref="BudgetOf"/> may have a ledger entry already; null for none.</summary>
    public string? IdempotencyKey { get; init; }
}
