using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql;

/// <content>The nodes and the requests for approval, as they are read.</content>
public sealed partial class PostgresBudgetStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken)
    {
        var nodes = await ReadAsync(TreeSql.FindPath, command => command.With<string[]>([node.Value]), TreeRows.ReadNode, cancellationToken).ConfigureAwait(false);
        var tree = await WithLimitsAsync(nodes, cancellationToken).ConfigureAwait(false);
        return await WithBudgetsAsync(tree.PathOf(node), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken)
    {
        var nodes = await ReadAsync(
            TreeSql.ListNodes, command => command.With(after?.Value ?? "").With((long)Math.Max(0, limit)), TreeRows.ReadNode, cancellationToken).ConfigureAwait(false);
        var tree = await WithLimitsAsync(nodes, cancellationToken).ConfigureAwait(false);
        return await WithBudgetsAsync([.. nodes.Select(tree.StateOf)], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Node>> FindNamedNodesAsync(string name, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            TreeSql.FindNamed, command => command.With(name).With(KindOf(kind)).With((long)Math.Max(0, limit)), TreeRows.ReadNode, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Node>> FindNodesFromAsync(string start, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            TreeSql.FindFrom,
            command => command.With(start).With(KindOf(kind)).With((long)Math.Max(0, limit)).With(start + "\U0010FFFF"),
            TreeRows.ReadNode,
            cancellationToken).ConfigureAwait(false);

    private static string KindOf(NodeKind? kind) => kind is { } one ? StoredNames.ToText(one) : "";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) =>
        await ReadAsync(
            TreeSql.FindPaused, static command => command, TreeRows.ReadPaused, cancellationToken).ConfigureAwait(false);

    private async Task<NodeTree> WithLimitsAsync(IReadOnlyList<Node> nodes, CancellationToken cancellationToken)
    {
        var tree = new NodeTree();
        foreach (var node in nodes)
        {
            tree.Load(node);
        }

        var limits = await ReadAsync(
            TreeSql.FindLimits, command => command.With(nodes, node => node.Id.Value), row => (TreeRows.ReadLimit(row), TreeRows.ReadAccount(row, first: 6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (limit, row) in limits)
        {
            tree.Load(limit);
            if (row is { Account: var account })
            {
                tree.Load(account);
            }
        }

        return tree;
    }

    private async Task<IReadOnlyList<NodeState>> WithBudgetsAsync(IReadOnlyList<NodeState> nodes, CancellationToken cancellationToken)
    {
        var budgets = await ReadAsync(
            PostgresSql.FindBudgets, command => command.With(nodes, state => state.Node.Id.Value), PostgresRows.ReadBudget, cancellationToken).ConfigureAwait(false);
        return [.. nodes.Select(state => state with { Budget = budgets.Find(budget => budget.Agent == state.Node.Id) })];
    }

    /// <inheritdoc/>
    public async ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) =>
        (await ReadAsync(ApprovalSql.FindApproval, command => command.With(id.Value), ApprovalRows.ReadApproval, cancellationToken).ConfigureAwait(false))
            .SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(
        ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) => await ReadAsync(
            state is null ? ApprovalSql.ListApprovals : ApprovalSql.ListApprovalsOfState,
            command =>
            {
                var paged = command.With((long)Math.Max(0, limit)).With(before?.AskedAt.UtcTicks ?? long.MaxValue).With(before?.Id.Value ?? "");
                return state is { } one ? paged.With(StoredNames.ToText(one)) : paged;
            },
            ApprovalRows.ReadApproval,
            cancellationToken).ConfigureAwait(false);
}
