using SpendGuard.Budgets;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>The sidecar that a run's calls go through.</summary>
internal interface IRunSidecar : IRunBudgets, IAsyncDisposable
{
    /// <summary>Its address, without a slash at the end.</summary>
    string Origin { get; }

    /// <summary>What there is to know of it before a run; a sentence each.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>Why it cannot serve calls; empty when it can.</summary>
    IReadOnlyList<string> NotReady { get; }

    /// <summary>The settings of keys that it lacks.</summary>
    IReadOnlyList<KeyValuePair<string, string>> MissingKeys { get; }

    /// <summary>The settings of keys that it has.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Keys { get; }

    /// <summary>
    /// The agent that has this id, or this name; null where there is none. One whose generated id only begins so is not meant: where there is none, the run
    /// makes one, and gives it money.
    /// </summary>
    /// <exception cref="CommandFailedException">Several may be meant.</exception>
    Task<AgentId?> FindAgentAsync(string said, CancellationToken stop);

    /// <summary>Creates the agent, if another run has not done so meanwhile.</summary>
    /// <exception cref="CommandFailedException">It was deleted.</exception>
    Task CreateAgentAsync(AgentId agent, CancellationToken stop);

    /// <summary>Makes the key that the run's program is given.</summary>
    Task<string> OpenAsync(AgentId agent, RunId run, CancellationToken stop);

    /// <summary>The last entry of the agent's ledger; 0 when there is none.</summary>
    Task<long> FindLastEntryAsync(AgentId agent, CancellationToken stop);

    /// <summary>Takes no more calls, and waits until those under way have ended.</summary>
    Task CloseAsync(CancellationToken impatient);

    /// <summary>The ledger's entries of the run's calls.</summary>
    IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(AgentId agent, RunId run, long after, CancellationToken stop);

    /// <summary>How many calls were refused for want of budget; null where that is not known.</summary>
    int? Refused { get; }

    /// <summary>How many calls were refused because others held what they needed for too long; null where that is not known.</summary>
    int? Locked { get; }

    /// <summary>Told that a call has come to its end, where that is known.</summary>
    Action? Changed { get; set; }
}

/// <summary>Reads and sets budgets.</summary>
internal interface IRunBudgets
{
    /// <summary>The agent's budget; null when it has none.</summary>
    ValueTask<RunBudget?> FindBudgetAsync(AgentId agent, CancellationToken stop);

    /// <summary>Sets its budget.</summary>
    /// <returns>The budget after the change; null when the key was used before with other figures.</returns>
    Task<RunBudget?> SetBudgetAsync(AgentId agent, Money limit, Money topUp, string idempotencyKey, CancellationToken stop);

    /// <summary>The limits that it has had, and since when.</summary>
    IAsyncEnumerable<(DateTimeOffset At, Money Limit)> ReadLimitsAsync(AgentId agent, CancellationToken stop);
}

/// <summary>A budget at one moment.</summary>
internal sealed record RunBudget(Money Limit, Money Granted, Money Spent, Money Held, int InFlight)
{
    /// <summary>How many batches have not been settled.</summary>
    public int Batches { get; init; }

    public Money Remaining => Granted - Spent;

    public static RunBudget Of(Budget budget) => new(budget.HardLimit, budget.Granted, budget.Spent, budget.Held, budget.InFlight - budget.Batches) { Batches = budget.Batches };
}
