using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.Storage;

namespace SpendGuard;

/// <content>The agents that it knows.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>The keys that agents are known by.</summary>
    [Experimental(ApiTier.Adapters)]
    public AgentKeys Keys { get; }

    /// <summary>Creates an agent, without a budget.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="agent">Its id; a new one when null.</param>
    /// <param name="under">The group that it is under; null for none.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <exception cref="IdConflictException">There is, or was, an agent or a group with the id.</exception>
    /// <exception cref="NodeNotFoundException">There is no such group.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Agent> CreateAgentAsync(
        string? name = null, AgentId? agent = null, NodeId? under = null, CancellationToken cancellationToken = default)
    {
        var id = agent ?? new AgentId(Guid.NewGuid().ToString());
        var answer = await _store.ApplyAsync(new CreateAgent(id, name, Time.GetUtcNow()) { Under = under }, cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { Succeeded: true, Node: { } node } => node.ToAgent()!,
            { Status: BudgetStatus.NoGroup } => throw NodeNotFoundException.ForGroup(under!.Value),
            _ => throw IdConflictException.ForAgent(id),
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
    /// <returns>The agent; null when there is none with the id.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Agent?> RenameAgentAsync(AgentId agent, string name, CancellationToken cancellationToken = default) =>
        await _store.ApplyAsync(new RenameAgent(agent, name, Time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is { Succeeded: true } answer
            ? answer.Node?.ToAgent()
            : null;

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
}
