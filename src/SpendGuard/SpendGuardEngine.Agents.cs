using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.Storage;

namespace SpendGuard;

/// <content>The agents that it knows, how they are found, and what they are granted.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>The keys that agents are known by.</summary>
    [Experimental(ApiTier.Adapters)]
    public AgentKeys Keys { get; }

    /// <summary>Creates an agent, without a budget.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="agent">Its id; a new one when null.</param>
    /// <param name="under">The group that it is under; null for none.</param>
    /// <param name="uniqueName">Whether no other agent may have the name, or go by it as its id.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <exception cref="IdConflictException">There is, or was, an agent or a group with the id.</exception>
    /// <exception cref="NameTakenException">Another agent has the name, or has the id as its name, and <paramref name="uniqueName"/> is set.</exception>
    /// <exception cref="NodeNotFoundException">There is no such group.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Agent> CreateAgentAsync(
        string? name = null, AgentId? agent = null, NodeId? under = null, bool uniqueName = false, CancellationToken cancellationToken = default)
    {
        var id = agent ?? new AgentId(Guid.NewGuid().ToString());

        // An id goes before a name: who says the name would mean the new one from now on.
        if (uniqueName && agent is not null
            && (await _store.FindNamedNodesAsync(id.Value, NodeKind.Agent, limit: 2, cancellationToken).ConfigureAwait(false)).FirstOrDefault(node => node.Id.Value != id.Value) is { } other)
        {
            throw new NameTakenException(id.Value, other);
        }

        var command = new CreateAgent(id, name, Time.GetUtcNow()) { Under = under, UniqueName = uniqueName };
        var answer = await _store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { Succeeded: true, Node: { } node } => node.ToAgent()!,
            { Status: BudgetStatus.NameTaken, Node: { } taken } => throw new NameTakenException(name!, taken),
            { Status: BudgetStatus.NoGroup } => throw NodeNotFoundException.ForGroup(under!.Value),
            _ => throw IdConflictException.ForAgent(id, answer.Node),
        };
    }

    /// <summary>An agent; null when there is none with the id, or it was deleted.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken = default) =>
        await _store.FindAgentAsync(agent, cancellationToken).ConfigureAwait(false) is { DeletedAt: null } found ? found : null;

    /// <summary>All agents, oldest first, without those that were deleted.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(CancellationToken cancellationToken = default) =>
        await StorePages.ReadAgentsAsync(_store, after: null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Agents, oldest first, without those that were deleted: page by page out of the store, however many there are.</summary>
    /// <param name="after">The last one that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public IAsyncEnumerable<Agent> ReadAgentsAsync(AgentId? after = null, CancellationToken cancellationToken = default) =>
        StorePages.ReadAgentsAsync(_store, after, cancellationToken);

    /// <summary>Gives an agent another name.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="name">The name.</param>
    /// <param name="uniqueName">Whether no other agent may have the name, or go by it as its id.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The agent; null when there is none with the id.</returns>
    /// <exception cref="NameTakenException">Another agent has the name, and <paramref name="uniqueName"/> is set.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Agent?> RenameAgentAsync(AgentId agent, string name, bool uniqueName = false, CancellationToken cancellationToken = default)
    {
        var command = new RenameAgent(agent, name, Time.GetUtcNow()) { UniqueName = uniqueName };
        return await _store.ApplyAsync(command, cancellationToken).ConfigureAwait(false) switch
        {
            { Succeeded: true, Node: { } node } => node.ToAgent(),
            { Status: BudgetStatus.NameTaken, Node: { } taken } => throw new NameTakenException(name, taken),
            _ => null,
        };
    }

    /// <summary>
    /// What people mean by a text: the agent or group whose id it is, even if that was deleted; else those whose name it is, and those whose
    /// generated id begins with it, from four characters on. Never for what a call is charged to: that goes by ids alone.
    /// </summary>
    /// <param name="text">An id, a name, or the beginning of an id.</param>
    /// <param name="kind">Only an agent, or only a group; null for both.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>None; the one that is meant; or the first few of several, of which none is.</returns>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<IReadOnlyList<Node>> FindMeantAsync(string text, NodeKind? kind = null, CancellationToken cancellationToken = default) =>
        await MeantNodes.FindAsync(_store, text, kind, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes an agent: its budget is closed for good, its keys open nothing any more, its ledger stays.</summary>
    /// <returns>Whether there was one with the id.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<bool> DeleteAgentAsync(AgentId agent, CancellationToken cancellationToken = default)
    {
        var answer = await _store.ApplyAsync(new DeleteAgent(agent, Time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        Keys.Forget();
        _locked.Pulse(agent);
        _parked.Pulse();
        return answer.Succeeded;
    }

    /// <summary>Sets an agent's budget. The first set grants it; later ones change the limit and add a top-up.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="hardLimit">
    /// The hard limit from now on, which what remains is never above. Raising it grants nothing by itself; lowering it takes back what is free
    /// above it.
    /// </param>
    /// <param name="topUp">
    /// What to add to what remains, as far as that stays within the limit; the rest of it is not granted, now or later. On the first set it is
    /// the amount to start with, up to the limit, and zero starts with the whole limit.
    /// </param>
    /// <param name="maxInFlight">How many calls may be in flight at once; null leaves it as it is: any number (<see cref="int.MaxValue"/>) until it is set.</param>
    /// <param name="maxCallShare">The most that one call may hold of what is free, in percent, unless an ordinary answer needs more; null leaves it as it is: all (100) until it is set.</param>
    /// <param name="onExhausted">What happens from now on when a call does not fit, such as <see cref="LimitAction.Ask"/>; null leaves it as it is: it is refused until it is set.</param>
    /// <param name="idempotencyKey">A key of your own: sent twice, the change takes effect once.</param>
    /// <param name="cancellationToken">Withdraws the change while it has not been taken up.</param>
    /// <returns>The budget after the change.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An amount is negative, <paramref name="maxInFlight"/> is below one, or <paramref name="maxCallShare"/> is not 1 to 100.</exception>
    /// <exception cref="AgentNotFoundException">The agent was deleted.</exception>
    /// <exception cref="IdConflictException">The key was used before with other figures.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Budget> SetBudgetAsync(
        AgentId agent, Money hardLimit, Money topUp = default, int? maxInFlight = null, int? maxCallShare = null,
        string? idempotencyKey = null, LimitAction? onExhausted = null, CancellationToken cancellationToken = default) =>
        (await GrantAsync(agent, hardLimit, topUp, maxInFlight, maxCallShare, idempotencyKey, onExhausted, cancellationToken).ConfigureAwait(false)).Budget;

    /// <summary>The same as <see cref="SetBudgetAsync"/>, with what it has added to what is granted.</summary>
    /// <inheritdoc cref="SetBudgetAsync"/>
    /// <returns>The budget after the change, and what that has added: negative where a lower limit has taken back what was free; null where a change that was sent before is of an earlier version.</returns>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<(Budget Budget, Money? Added)> GrantAsync(
        AgentId agent, Money hardLimit, Money topUp, int? maxInFlight, int? maxCallShare, string? idempotencyKey, LimitAction? onExhausted, CancellationToken cancellationToken)
    {
        var command = new SetBudget(agent, hardLimit, topUp, maxInFlight, idempotencyKey, Time.GetUtcNow()) { MaxCallShare = maxCallShare, OnExhausted = onExhausted };
        command = command with { FirstMaxInFlight = _options.FirstMaxInFlight, FirstMaxCallShare = _options.FirstMaxCallShare };
        var answer = await _store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        _locked.Pulse(agent);
        _parked.Pulse();
        return answer is { Succeeded: true, Budget: { } budget } ? (budget, answer.Added)
            : answer.Status == BudgetStatus.NoAgent ? throw new AgentNotFoundException(agent)
            : throw IdConflictException.ForBudget(agent, idempotencyKey ?? "");
    }
}
