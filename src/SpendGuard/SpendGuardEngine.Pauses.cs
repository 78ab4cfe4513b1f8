using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <content>What stops calls below a node, and lets them go on.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>
    /// Pauses an agent, or a group and all below it: no call is made there any more, those that wait are refused, and those in flight are cut, in
    /// every process on the store within two seconds. What was sent is charged by what is known of it, else at what was held.
    /// </summary>
    /// <param name="node">The agent or the group. One that is paused already stays so, by whom and why it was.</param>
    /// <param name="reason">Why, for the ledger and for who is refused; null to say nothing.</param>
    /// <param name="by">Who does it, for the same.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The node.</returns>
    /// <exception cref="NodeNotFoundException">There is no such node.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Node> PauseAsync(NodeId node, string? reason = null, string? by = null, CancellationToken cancellationToken = default)
    {
        var paused = await ApplyAsync(new PauseNode(node, reason, Time.GetUtcNow()) { By = by }, under: null, cancellationToken).ConfigureAwait(false);
        _locked.PulseAll();
        _parked.Pulse();
        _pauses.Pulse();
        return paused ?? throw NodeNotFoundException.ForNode(node);
    }

    /// <summary>Ends a node's pause. What is above or below it and paused too stays so.</summary>
    /// <param name="node">The agent or the group. One that is not paused is no error.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The node.</returns>
    /// <exception cref="NodeNotFoundException">There is no such node.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<Node> ResumeAsync(NodeId node, string? by = null, CancellationToken cancellationToken = default)
    {
        var resumed = await ApplyAsync(new ResumeNode(node, Time.GetUtcNow()) { By = by }, under: null, cancellationToken).ConfigureAwait(false);
        _locked.PulseAll();
        return resumed ?? throw NodeNotFoundException.ForNode(node);
    }

    /// <summary>The agents and groups that are paused themselves.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public ValueTask<IReadOnlyList<PausedNode>> ListPausedAsync(CancellationToken cancellationToken = default) => _store.FindPausedAsync(cancellationToken);
}
