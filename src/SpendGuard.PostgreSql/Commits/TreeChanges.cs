using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>The nodes, limits and accounts that a batch of commands concerns, and which of them the commands have changed.</summary>
internal sealed class TreeChanges
{
    private readonly Dictionary<NodeId, Guid> _loadedNodes = [];
    private readonly Dictionary<AccountKey, long> _loadedAccounts = [];
    private readonly HashSet<NodeId> _changedNodes = [];
    private readonly Dictionary<(NodeId Node, string Window), LimitChange> _limits = [];
    private readonly Dictionary<AccountKey, int> _changedAccounts = [];

    public NodeTree Nodes { get; } = new();

    public bool HasChanges => _changedNodes.Count + _limits.Count + _changedAccounts.Count > 0;

    public IReadOnlyList<Node> NewNodes => [.. _changedNodes.Where(id => !_loadedNodes.ContainsKey(id)).Select(id => Nodes.Find(id)!)];

    public IReadOnlyList<Node> ChangedNodes => [.. _changedNodes.Where(_loadedNodes.ContainsKey).Select(id => Nodes.Find(id)!)];

    public IReadOnlyList<LimitChange> SetLimits => [.. _limits.Values.Where(change => !change.IsRemoved)];

    public IReadOnlyList<LimitChange> RemovedLimits => [.. _limits.Values.Where(change => change.IsRemoved)];

    /// <summary>Accounts that are new, each with the place of its last entry.</summary>
    public IReadOnlyList<(Account Account, int Place)> NewAccounts =>
        [.. _changedAccounts.Where(changed => !_loadedAccounts.ContainsKey(changed.Key)).Select(changed => (Nodes.Find(changed.Key)!, changed.Value))];

    /// <summary>Accounts that have changed, each with the place of its last entry and the entry that it was loaded with.</summary>
    public IReadOnlyList<(Account Account, int Place, long LoadedEntry)> ChangedAccounts =>
        [.. _changedAccounts.Where(changed => _loadedAccounts.ContainsKey(changed.Key))
            .Select(changed => (Nodes.Find(changed.Key)!, changed.Value, _loadedAccounts[changed.Key]))];

    public void Load(Node node, Guid batch)
    {
        Nodes.Load(node);
        _loadedNodes[node.Id] = batch;
    }

    public void Load((Account Account, long Entry)? row)
    {
        if (row is { } loaded)
        {
            Nodes.Load(loaded.Account);
            _loadedAccounts[loaded.Account.Key] = loaded.Entry;
        }
    }

    /// <summary>Whether a loaded node was last changed by a batch.</summary>
    public bool HasNodeOf(Guid batch) => _loadedNodes.ContainsValue(batch);

    /// <param name="transition">What a command has made.</param>
    /// <param name="place">The place of its entry.</param>
    public void Save(Transition transition, int place)
    {
        Nodes.Save(transition);
        if (transition.Node is { } node)
        {
            _changedNodes.Add(node.Id);
        }

        if (transition.Limit is { } change)
        {
            _limits[(change.Node, change.Limit.Window.Name)] = change;
        }

        foreach (var account in transition.Accounts)
        {
            _changedAccounts[account.Key] = place;
        }
    }
}
