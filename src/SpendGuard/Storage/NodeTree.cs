using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>Nodes, limits and accounts in memory: all of a store's, or what commands concern. It is used by one at a time.</summary>
[Experimental(ApiTier.Stores)]
public sealed class NodeTree
{
    private readonly Dictionary<NodeId, Node> _nodes = [];
    private readonly Dictionary<NodeId, List<Limit>> _limits = [];
    private readonly Dictionary<AccountKey, Account> _accounts = [];
    private readonly Dictionary<(NodeId Node, string Limit), Account> _last = [];

    /// <summary>The nodes, deleted ones included.</summary>
    public IEnumerable<Node> Nodes => _nodes.Values;

    /// <summary>A node; null when it is not here.</summary>
    public Node? Find(NodeId node) => _nodes.GetValueOrDefault(node);

    /// <summary>An account; null when it is not here.</summary>
    public Account? Find(AccountKey key) => _accounts.GetValueOrDefault(key);

    /// <summary>What a command concerns.</summary>
    /// <param name="lookup">What it concerns.</param>
    /// <param name="reservation">The reservation that it concerns; null for none.</param>
    public TreeState Find(BudgetLookup lookup, Reservation? reservation)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        return new TreeState
        {
            Node = lookup.Node is { } node ? Find(node) : null,
            Namesake = lookup.Claim is { } claim
                ? Nodes.Where(other => other.Id != lookup.Node && claim.IsTakenBy(other)).MinBy(other => other.Id.Value, StringComparer.Ordinal)
                : null,
            Path = lookup.PathOf is { } first ? PathOf(first) : [],
            Under = lookup.Under is { } group ? GroupsFrom(group) : [],
            Below = lookup is { Below: true, Node: { } top } ? Below(top) : null,
            LastAccount = lookup is { Node: { } place, Window: { } window } ? _last.GetValueOrDefault((place, window)) : null,
            RunAccount = lookup.RunAccount is { } run ? Find(run) : null,
            Accounts = lookup.BudgetOf is null && reservation is not null ? [.. reservation.Accounts.Select(Find).OfType<Account>()] : [],
        };
    }

    /// <summary>Whether all nodes from one to the root are here, if that one is.</summary>
    public bool HasPathOf(NodeId node) => Find(node) is not { } found || WithAbove(node).Last().Parent is null || found.DeletedAt is not null;

    /// <summary>From a node to the root, each with its limits and their last accounts.</summary>
    public IReadOnlyList<NodeState> PathOf(NodeId node) => [.. WithAbove(node).Select(StateOf)];

    private IReadOnlyList<Node> GroupsFrom(NodeId group) => Find(group) is { Kind: NodeKind.Group, DeletedAt: null } ? [.. WithAbove(group)] : [];

    private Subtree Below(NodeId node)
    {
        var children = Nodes.Where(child => child.Parent == node && child.DeletedAt is null).ToList();
        var levels = children.Where(child => child.Kind == NodeKind.Group).Select(group => 1 + Below(group.Id).GroupLevels);
        return new Subtree(levels.DefaultIfEmpty().Max(), children.Count > 0);
    }

    /// <summary>A page of the nodes that are not deleted, in the order of their ids.</summary>
    /// <param name="after">The last id that is known already; null to start.</param>
    /// <param name="limit">The most to return.</param>
    public IReadOnlyList<NodeState> List(NodeId? after, int limit) => [.. Nodes
        .Where(node => node.DeletedAt is null && (after is null || string.CompareOrdinal(node.Id.Value, after.Value.Value) > 0))
        .OrderBy(node => node.Id.Value, StringComparer.Ordinal)
        .Take(limit)
        .Select(StateOf)];

    /// <summary>The nodes that are not deleted and fit a rule, in the order of their ids.</summary>
    internal IReadOnlyList<Node> Find(Func<Node, bool> fits, NodeKind? kind, int limit) => [.. Nodes
        .Where(node => node.DeletedAt is null && (kind is null || node.Kind == kind) && fits(node))
        .OrderBy(node => node.Id.Value, StringComparer.Ordinal)
        .Take(limit)];

    /// <summary>The nodes that are paused, and were not deleted.</summary>
    public IReadOnlyList<PausedNode> Paused =>
        [.. Nodes.Where(node => node is { Pause: not null, DeletedAt: null }).Select(node => new PausedNode(node.Id, node.Pause!))];

    /// <summary>A node with its limits and their last accounts.</summary>
    public NodeState StateOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new NodeState(
            node, [.. _limits.GetValueOrDefault(node.Id, []).Select(limit => new LimitState(limit, _last.GetValueOrDefault((node.Id, limit.Window.Name))))]);
    }

    /// <summary>Takes in a node, in the place of one of its id.</summary>
    public void Load(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        _nodes[node.Id] = node;
    }

    /// <summary>Takes in an account, in the place of one of its key.</summary>
    public void Load(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        _accounts[account.Key] = account;
        if (!(_last.GetValueOrDefault((account.Node, account.Limit))?.Number > account.Number))
        {
            _last[(account.Node, account.Limit)] = account;
        }
    }

    /// <summary>Takes in a limit, in the place of one of its window's name, or takes it out.</summary>
    public void Load(LimitChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var limits = _limits.TryGetValue(change.Node, out var known) ? known : _limits[change.Node] = [];
        limits.RemoveAll(limit => limit.Window.Name == change.Limit.Window.Name);
        if (!change.IsRemoved)
        {
            // In one order, whoever has made them when: where two limits have as little left, the first refuses.
            var place = limits.FindIndex(limit => string.CompareOrdinal(limit.Window.Name, change.Limit.Window.Name) > 0);
            limits.Insert(place < 0 ? limits.Count : place, change.Limit);
        }
    }

    /// <summary>Takes in what a command has made.</summary>
    public void Save(Transition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.Node is { } node)
        {
            Load(node);
        }

        if (transition.Limit is { } change)
        {
            Load(change);
        }

        foreach (var account in transition.Accounts)
        {
            Load(account);
        }
    }

    private IEnumerable<Node> WithAbove(NodeId first)
    {
        for (var node = Find(first); node is not null; node = node.Parent is { } parent ? Find(parent) : null)
        {
            yield return node;
        }
    }
}
