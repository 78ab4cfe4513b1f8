using System.Runtime.CompilerServices;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>Reads long lists page by page, so that nobody has to hold all of one, and no view of the store stays open.</summary>
internal static class StorePages
{
    private const int Length = 500;

    /// <param name="store">The store.</param>
    /// <param name="after">The last agent that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<Agent> ReadAgentsAsync(
        IBudgetStore store, AgentId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Agent> page;
        do
        {
            page = await store.ListAgentsAsync(after, Length, cancellationToken).ConfigureAwait(false);
            foreach (var agent in page)
            {
                after = agent.Id;
                yield return agent;
            }
        }
        while (page.Count == Length);
    }

    /// <param name="store">The store.</param>
    /// <param name="after">The last node that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<NodeState> ReadNodesAsync(
        IBudgetStore store, NodeId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeState> page;
        do
        {
            page = await store.ListNodesAsync(after, Length, cancellationToken).ConfigureAwait(false);
            foreach (var node in page)
            {
                after = node.Node.Id;
                yield return node;
            }
        }
        while (page.Count == Length);
    }

    /// <param name="store">The store.</param>
    /// <param name="fits">Which nodes.</param>
    /// <param name="kind">Only agents, or only groups; null for both.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async ValueTask<IReadOnlyList<Node>> FindNodesAsync(
        IBudgetStore store, Func<Node, bool> fits, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        await ReadNodesAsync(store, after: null, cancellationToken)
            .Select(state => state.Node)
            .Where(node => (kind is null || node.Kind == kind) && fits(node))
            .Take(Math.Max(0, limit))
            .ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <param name="store">The store.</param>
    /// <param name="state">Only those that are so far; null for all.</param>
    /// <param name="before">The last one that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<Approval> ReadApprovalsAsync(
        IBudgetStore store, ApprovalState? state, Approval? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Approval> page;
        do
        {
            page = await store.ListApprovalsAsync(state, before, Length, cancellationToken).ConfigureAwait(false);
            foreach (var approval in page)
            {
                before = approval;
                yield return approval;
            }
        }
        while (page.Count == Length);
    }

    /// <param name="store">The store.</param>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="afterSequence">The last entry that is known already; 0 to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        IBudgetStore store, AgentId? agent, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await store.ReadLedgerAsync(afterSequence, agent, Length, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                afterSequence = entry.Sequence;
                yield return entry;
            }
        }
        while (page.Count == Length);
    }

    /// <inheritdoc cref="IBudgetStore.ReadLedgerBackAsync"/>
    /// <param name="store">The store.</param>
    /// <param name="beforeSequence">The first entry that is known already; null for the newest.</param>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async ValueTask<IReadOnlyList<LedgerEntry>> LastOfLedgerAsync(
        IBudgetStore store, long? beforeSequence, AgentId? agent, int limit, CancellationToken cancellationToken)
    {
        var last = new Queue<LedgerEntry>();
        await foreach (var entry in ReadLedgerAsync(store, agent, afterSequence: 0, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Sequence >= beforeSequence)
            {
                break;
            }

            last.Enqueue(entry);
            if (last.Count > limit)
            {
                last.Dequeue();
            }
        }

        return [.. last.Reverse()];
    }

    /// <param name="store">The store.</param>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="beforeSequence">The first entry that is known already; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<LedgerEntry> ReadLedgerBackAsync(
        IBudgetStore store, AgentId? agent, long? beforeSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await store.ReadLedgerBackAsync(beforeSequence, agent, Length, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                beforeSequence = entry.Sequence;
                yield return entry;
            }
        }
        while (page.Count == Length);
    }
}
