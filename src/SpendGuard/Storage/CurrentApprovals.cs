using System.Runtime.CompilerServices;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>
/// Requests for approval as a store keeps them, but for what follows from what is full now: one that waits and can be answered no more is over,
/// and one whose raise is not there any more has ended. For one question: each node is read once.
/// </summary>
internal sealed class CurrentApprovals(IBudgetStore store, TimeProvider time)
{
    private readonly Dictionary<NodeId, NodeState?> _nodes = [];
    private readonly Dictionary<(NodeId Node, string Limit, int Number, Raise Raise), int> _seen = [];

    // Which are newer than what is read first, and have not been seen; null where none is missing.
    private Func<Approval, bool>? _unseen;

    /// <param name="state">Only those that are so far; null for all.</param>
    /// <param name="before">The last one that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async IAsyncEnumerable<Approval> ReadAsync(ApprovalState? state, Approval? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _unseen = before is null ? null : approval => approval.Id == before.Id || IsNewer(approval, before);
        var kept = state switch { ApprovalState.Over => ApprovalState.Pending, ApprovalState.Ended => ApprovalState.Approved, _ => state };
        await foreach (var approval in StorePages.ReadApprovalsAsync(store, kept, before, cancellationToken).ConfigureAwait(false))
        {
            var asItIs = await AsItIsAsync(approval, cancellationToken).ConfigureAwait(false);
            if (state is null || asItIs.State == state)
            {
                yield return asItIs;
            }
        }
    }

    public async ValueTask<Approval?> FindAsync(ApprovalId id, CancellationToken cancellationToken)
    {
        if (await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        _unseen = approval => IsNewer(approval, found);
        return await AsItIsAsync(found, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Approval> AsItIsAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (approval.State is not (ApprovalState.Pending or ApprovalState.Approved))
        {
            return approval;
        }

        if (!_nodes.TryGetValue(approval.Node, out var full))
        {
            full = await store.FindPathAsync(approval.Node, cancellationToken).ConfigureAwait(false) is [var node, ..] ? node : null;
            _nodes[approval.Node] = full;
        }

        var now = time.GetUtcNow();
        return approval.State == ApprovalState.Pending
            ? ApprovalRules.IsOpen(approval, full, now) ? approval : approval with { State = ApprovalState.Over }
            : await IsInForceAsync(approval, full, now, cancellationToken).ConfigureAwait(false) ? approval : approval with { State = ApprovalState.Ended };
    }

    /// <summary>A raise does not say which request it comes from: of several that were alike, those that are there are the newest requests'.</summary>
    private async ValueTask<bool> IsInForceAsync(Approval approval, NodeState? full, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var inForce = ApprovalRules.RaisesOf(approval, full, now);
        if (inForce == 0)
        {
            return false;
        }

        if (_unseen is { } isUnseen)
        {
            _unseen = null;
            await foreach (var newer in StorePages.ReadApprovalsAsync(store, ApprovalState.Approved, before: null, cancellationToken)
                .TakeWhile(isUnseen).ConfigureAwait(false))
            {
                See(newer);
            }
        }

        return See(approval) <= inForce;
    }

    private int See(Approval approval)
    {
        var key = (approval.Node, approval.Limit, approval.Number, new Raise(approval.Added, approval.Until));
        return _seen[key] = _seen.GetValueOrDefault(key) + 1;
    }

    private static bool IsNewer(Approval approval, Approval than) => approval.AskedAt != than.AskedAt
        ? approval.AskedAt > than.AskedAt
        : string.CompareOrdinal(approval.Id.Value, than.Id.Value) > 0;
}
