using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard;

/// <content>Groups above agents, and the limits of both.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>Creates a group, such as a team or a customer. Setting a limit of a node that is not known creates it too, without a name.</summary>
    /// <param name="group">Its id, which no agent has.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="under">The group that it is under; null for none.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="uniqueName">Whether no other group may have the name, or go by it as its id.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The group. The same that is there already is no error.</returns>
    /// <exception cref="IdConflictException">There is, or was, an agent or another group with the id.</exception>
    /// <exception cref="NameTakenException">Another group has the name, and <paramref name="uniqueName"/> is set.</exception>
    /// <exception cref="NodeNotFoundException">There is no group to be under.</exception>
    /// <exception cref="TreeException">Too many groups would be above one another.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Node> CreateGroupAsync(
        NodeId group, string? name = null, NodeId? under = null, string? by = null, bool uniqueName = false, CancellationToken cancellationToken = default) =>
        await ApplyAsync(new CreateGroup(group, name, under, Time.GetUtcNow()) { By = by, UniqueName = uniqueName }, under, cancellationToken).ConfigureAwait(false)
            ?? throw IdConflictException.ForGroup(group);

    /// <summary>Gives a group another name.</summary>
    /// <param name="group">The group.</param>
    /// <param name="name">The name.</param>
    /// <param name="uniqueName">Whether no other group may have the name, or go by it as its id.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The group; null when there is none with the id.</returns>
    /// <exception cref="NameTakenException">Another group has the name, and <paramref name="uniqueName"/> is set.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<Node?> RenameGroupAsync(NodeId group, string name, bool uniqueName = false, CancellationToken cancellationToken = default) =>
        await _store.ApplyAsync(new RenameGroup(group, name, Time.GetUtcNow()) { UniqueName = uniqueName }, cancellationToken).ConfigureAwait(false) switch
        {
            { Succeeded: true, Node: { } node } => node,
            { Status: BudgetStatus.NameTaken, Node: { } taken } => throw new NameTakenException(name, taken),
            _ => null,
        };

    /// <summary>Deletes a group that nothing is under. Its ledger stays.</summary>
    /// <returns>Whether there was one with the id.</returns>
    /// <exception cref="TreeException">Something is under it.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<bool> DeleteGroupAsync(NodeId group, string? by = null, CancellationToken cancellationToken = default)
    {
        var answer = await _store.ApplyAsync(new DeleteGroup(group, Time.GetUtcNow()) { By = by }, cancellationToken).ConfigureAwait(false);
        return answer.Status == BudgetStatus.NotEmpty ? throw TreeException.NotEmpty(group) : answer.Succeeded;
    }

    /// <summary>Puts an agent or a group under a group. Calls in flight stay in the limits that they were held in.</summary>
    /// <param name="node">The agent or the group.</param>
    /// <param name="under">The group; null for none.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <exception cref="NodeNotFoundException">There is no such node, or no such group.</exception>
    /// <exception cref="TreeException">The node would be under itself, or under too many groups.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Node> MoveAsync(NodeId node, NodeId? under, string? by = null, CancellationToken cancellationToken = default)
    {
        var moved = await ApplyAsync(new MoveNode(node, under, Time.GetUtcNow()) { By = by }, under, cancellationToken).ConfigureAwait(false);
        _locked.PulseAll();
        _parked.Pulse();
        return moved ?? throw NodeNotFoundException.ForNode(node);
    }

    /// <summary>Sets a limit: <c>await guard.SetLimitAsync("team-red", Limit.PerMonth(Money.FromDollars(500), "Europe/Berlin"))</c>.</summary>
    /// <param name="node">An agent or a group. An id that is not known becomes a group.</param>
    /// <param name="limit">
    /// The limit. It takes the place of the node's limit of the same window, at once, and the open window keeps what it has spent. An agent's
    /// total is its budget: all that it may ever spend, with what it has spent.
    /// </param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <exception cref="NodeNotFoundException">The node was deleted.</exception>
    /// <exception cref="TreeException">The node has as many limits as it may have.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask SetLimitAsync(NodeId node, Limit limit, string? by = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var command = new SetLimit(node, limit, Time.GetUtcNow())
        {
            By = by,
            FirstMaxInFlight = _options.FirstMaxInFlight,
            FirstMaxCallShare = _options.FirstMaxCallShare,
        };
        _ = await ApplyAsync(command, under: null, cancellationToken).ConfigureAwait(false);
        _locked.PulseAll();
        _parked.Pulse();
    }

    /// <summary>Removes a limit. What it has counted is kept, should it be set again.</summary>
    /// <param name="node">An agent or a group.</param>
    /// <param name="window">The limit's window, by the <see cref="LimitWindow.Name"/>.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>Whether the node had one.</returns>
    /// <exception cref="NodeNotFoundException">There is no such node.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<bool> RemoveLimitAsync(NodeId node, LimitWindow window, string? by = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(window);
        var answer = await _store.ApplyAsync(new RemoveLimit(node, window.Name, Time.GetUtcNow()) { By = by }, cancellationToken).ConfigureAwait(false);
        _locked.PulseAll();
        _parked.Pulse();
        return answer.Status == BudgetStatus.NoNode ? throw NodeNotFoundException.ForNode(node) : answer.Succeeded;
    }

    /// <summary>
    /// Sets the breaker of identical calls: a run that makes the same call so many times in a row pauses its agent, and the last of them is
    /// refused. Calls are the same by their model and the end of their conversation.
    /// </summary>
    /// <param name="node">An agent, or a group for each agent below it that has no nearer one. An id that is not known becomes a group.</param>
    /// <param name="count">How many, 2 or more; null to leave it to the groups above.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 2.</exception>
    /// <exception cref="NodeNotFoundException">The node was deleted, or is not known and there is nothing to set.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Node> SetIdenticalCallsAsync(NodeId node, int? count, string? by = null, CancellationToken cancellationToken = default) =>
        await ApplyAsync(new SetIdenticalCalls(node, count, Time.GetUtcNow()) { By = by }, under: null, cancellationToken).ConfigureAwait(false)
            ?? throw NodeNotFoundException.ForNode(node);

    /// <summary>The way from an agent or a group to the root, that one first, each with its limits as the next call would meet them; empty where there is no such node.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async ValueTask<IReadOnlyList<NodeBudgets>> FindPathAsync(NodeId node, CancellationToken cancellationToken = default)
    {
        await ForfeitExpiredAsync(agent: null, cancellationToken).ConfigureAwait(false);
        var now = Time.GetUtcNow();
        return [.. (await _store.FindPathAsync(node, cancellationToken).ConfigureAwait(false)).Select(state => NodeBudgets.Of(state, now))];
    }

    /// <summary>All agents and groups, in an order of their ids, each with its limits as the next call would meet them.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async IAsyncEnumerable<NodeBudgets> ReadNodesAsync(NodeId? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ForfeitExpiredAsync(agent: null, cancellationToken).ConfigureAwait(false);
        await foreach (var state in StorePages.ReadNodesAsync(_store, after, cancellationToken).ConfigureAwait(false))
        {
            yield return NodeBudgets.Of(state, Time.GetUtcNow());
        }
    }

    /// <summary>
    /// Cuts every call below a node that is paused. To be called after the pause was committed, with what answers which node that is: it is asked
    /// for the calls in flight at once, and once more for each whose hold is being made. Calls that wait for a budget ask their store again.
    /// </summary>
    /// <param name="pausedBy">Which node's pause concerns what a reservation is for; null where none does. It is not to wait.</param>
    /// <returns>How many holds of calls in flight were cut. Those of batches and of tools that are running stay.</returns>
    internal int Cut(Func<Reservation, PausedNode?> pausedBy) => _inFlight.Cut(pausedBy);

    /// <summary>Applies a command to a node.</summary>
    /// <returns>The node after it; null where the id is of another one, or of none.</returns>
    private async ValueTask<Node?> ApplyAsync(NodeCommand command, NodeId? under, CancellationToken cancellationToken)
    {
        var answer = await _store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            BudgetStatus.NameTaken when answer.Node is { } taken => throw new NameTakenException(((CreateGroup)command).Name!, taken),
            BudgetStatus.NoNode => throw NodeNotFoundException.ForNode(command.Node),
            BudgetStatus.NoGroup => throw NodeNotFoundException.ForGroup(under!.Value),
            BudgetStatus.Circle => throw TreeException.Circle(command.Node, under!.Value),
            BudgetStatus.TooDeep => throw TreeException.TooDeep(command.Node),
            BudgetStatus.TooManyLimits => throw TreeException.TooManyLimits(command.Node),
            _ => answer.Succeeded ? answer.Node : null,
        };
    }
}
