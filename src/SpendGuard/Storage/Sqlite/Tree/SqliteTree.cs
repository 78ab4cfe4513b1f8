using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The questions of the tree to an open file: nodes, their limits, and the accounts of these. Used by one thread at a time.</summary>
internal sealed class SqliteTree(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _findNode = new(database, SqliteTreeSql.FindNode);
    private readonly SqliteStatement _listNodes = new(database, SqliteTreeSql.ListNodes);
    private readonly SqliteStatement _findNamed = new(database, SqliteTreeSql.FindNamed);
    private readonly SqliteStatement _findFrom = new(database, SqliteTreeSql.FindFrom);
    private readonly SqliteStatement _findNamesake = new(database, SqliteTreeSql.FindNamesake);
    private readonly SqliteStatement _findPaused = new(database, SqliteTreeSql.FindPaused);
    private readonly SqliteStatement _listChildren = new(database, SqliteTreeSql.ListChildren);
    private readonly SqliteStatement _findLimits = new(database, SqliteTreeSql.FindLimits);
    private readonly SqliteStatement _findAccount = new(database, SqliteTreeSql.FindAccount);
    private readonly SqliteStatement _findLastAccount = new(database, SqliteTreeSql.FindLastAccount);

    /// <summary>What a command concerns.</summary>
    public TreeState Find(BudgetLookup lookup, Reservation? reservation) => new()
    {
        Node = lookup.Node is { } node ? Find(node) : null,
        Namesake = lookup.Claim is { } claim
            ? _findNamesake.Bind(1, claim.Name).Bind(2, StoredNames.ToText(claim.Kind)).Bind(3, lookup.Node?.Value).ReadOne(SqliteTreeRows.ReadNode)
            : null,
        Path = lookup.PathOf is { } first ? PathOf(first) : [],
        Under = lookup.Under is { } group ? GroupsFrom(group) : [],
        Below = lookup is { Below: true, Node: { } top } ? Below(top) : null,
        LastAccount = lookup is { Node: { } place, Window: { } window }
            ? _findLastAccount.Bind(1, place.Value).Bind(2, window).ReadOne(static row => SqliteTreeRows.ReadAccount(row))
            : null,
        RunAccount = lookup.RunAccount is { } run ? Find(run) : null,
        Accounts = lookup.BudgetOf is null && reservation is not null
            ? [.. reservation.Accounts.Select(key => Find(key) ?? throw SqliteFaults.Damaged())]
            : [],
    };

    private Node? Find(NodeId node) => _findNode.Bind(1, node.Value).ReadOne(SqliteTreeRows.ReadNode);

    /// <summary>A node with its limits, each with its last account; null where there is none.</summary>
    public NodeState? FindState(NodeId node) => Find(node) is { } found ? StateOf(found) : null;

    /// <summary>An account; null where there is none.</summary>
    public Account? Find(AccountKey key) => _findAccount.Bind(1, key.Node.Value).Bind(2, key.Limit).Bind(3, key.Number)
        .ReadOne(static row => SqliteTreeRows.ReadAccount(row));

    /// <summary>From a node to the root.</summary>
    public IReadOnlyList<NodeState> PathOf(NodeId node) => [.. WithAbove(node).Select(StateOf)];

    private List<Node> GroupsFrom(NodeId group) => WithAbove(group) is [{ Kind: NodeKind.Group, DeletedAt: null }, ..] groups ? groups : [];

    private Subtree Below(NodeId node)
    {
        var children = _listChildren.Bind(1, node.Value).ReadAll(SqliteTreeRows.ReadNode);
        var levels = children.Where(child => child.Kind == NodeKind.Group).Select(group => 1 + Below(group.Id).GroupLevels);
        return new Subtree(levels.DefaultIfEmpty().Max(), children.Count > 0);
    }

    public IReadOnlyList<NodeState> List(NodeId? after, int limit) =>
        [.. _listNodes.Bind(1, after?.Value ?? "").Bind(2, Math.Max(0, limit)).ReadAll(SqliteTreeRows.ReadNode).Select(StateOf)];

    public IReadOnlyList<Node> FindNamed(string name, NodeKind? kind, int limit) =>
        _findNamed.Bind(1, name).Bind(2, OfKind(kind)).Bind(3, Math.Max(0, limit)).ReadAll(SqliteTreeRows.ReadNode);

    public IReadOnlyList<Node> FindFrom(string start, NodeKind? kind, int limit) =>
        _findFrom.Bind(1, start).Bind(2, OfKind(kind)).Bind(3, Math.Max(0, limit)).Bind(4, start + "\U0010FFFF").ReadAll(SqliteTreeRows.ReadNode);

    private static string? OfKind(NodeKind? kind) => kind is { } one ? StoredNames.ToText(one) : null;

    public IReadOnlyList<PausedNode> FindPaused() =>
        [.. _findPaused.ReadAll(SqliteTreeRows.ReadNode).Select(node => new PausedNode(node.Id, node.Pause!))];

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_findNode, _listNodes, _findNamed, _findFrom, _findNamesake, _findPaused, _listChildren, _findLimits, _findAccount, _findLastAccount])
        {
            statement.Dispose();
        }
    }

    private NodeState StateOf(Node node) => new(node, _findLimits.Bind(1, node.Id.Value).ReadAll(SqliteTreeRows.ReadLimit));

    private List<Node> WithAbove(NodeId first)
    {
        var nodes = new List<Node>();
        for (var node = Find(first); node is not null; node = node.Parent is { } parent ? Find(parent) : null)
        {
            nodes.Add(node);
        }

        return nodes;
    }
}
