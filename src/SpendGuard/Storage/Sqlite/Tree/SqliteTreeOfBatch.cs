using SpendGuard.Budgets;

namespace SpendGuard.Storage.Sqlite;

/// <summary>
/// What the holds and ends of one transaction meet of the tree, and make of it. Commands that come at once are mostly held in the same accounts: each
/// is read once, and written once, as the last of them has left it. Nobody else writes meanwhile.
/// </summary>
/// <param name="tree">Reads the file.</param>
/// <param name="writer">Writes it.</param>
internal sealed class SqliteTreeOfBatch(SqliteTree tree, SqliteTreeWriter writer)
{
    private readonly Dictionary<NodeId, NodeState> _nodes = [];
    private readonly Dictionary<AccountKey, Account> _accounts = [];
    private readonly HashSet<AccountKey> _unwritten = [];

    /// <summary>What a command concerns. Those that change nodes or limits are few, and ask the file.</summary>
    public TreeState Find(BudgetLookup lookup, Reservation? reservation)
    {
        if (lookup is { Node: null, Under: null })
        {
            return new TreeState
            {
                Path = lookup.PathOf is { } first ? PathOf(first) : [],
                RunAccount = lookup.RunAccount is { } run ? Find(run) : null,
                Accounts = lookup.BudgetOf is null && reservation is not null
                    ? [.. reservation.Accounts.Select(key => Find(key) ?? throw SqliteFaults.Damaged())]
                    : [],
            };
        }

        Write();
        return tree.Find(lookup, reservation);
    }

    /// <summary>Takes over what a command has made.</summary>
    public void Save(Transition transition)
    {
        if (transition.Node is not null || transition.Limit is not null)
        {
            Write();
            writer.Save(transition);
            return;
        }

        foreach (var account in transition.Accounts)
        {
            _accounts[account.Key] = account;
            _unwritten.Add(account.Key);
            if (_nodes.TryGetValue(account.Node, out var node))
            {
                _nodes[account.Node] = node with { Limits = [.. node.Limits.Select(limit => After(limit, account))] };
            }
        }
    }

    /// <summary>Writes what was made, and forgets what was read.</summary>
    public void Write()
    {
        foreach (var key in _unwritten)
        {
            writer.Save(_accounts[key]);
        }

        Forget();
    }

    /// <summary>Forgets all of it: another transaction begins.</summary>
    public void Forget()
    {
        _nodes.Clear();
        _accounts.Clear();
        _unwritten.Clear();
    }

    private List<NodeState> PathOf(NodeId first)
    {
        var path = new List<NodeState>();
        for (NodeId? next = first; next is { } id; next = path[^1].Node.Parent)
        {
            if (!_nodes.TryGetValue(id, out var node))
            {
                if (tree.FindState(id) is not { } found)
                {
                    break;
                }

                node = found with { Limits = [.. found.Limits.Select(Known)] };
                _nodes.Add(id, node);
            }

            path.Add(node);
        }

        return path;
    }

    private Account? Find(AccountKey key)
    {
        if (!_accounts.TryGetValue(key, out var account) && tree.Find(key) is { } found)
        {
            account = _accounts[key] = found;
        }

        return account;
    }

    private LimitState Known(LimitState limit) => limit.Account is { } read && _accounts.TryGetValue(read.Key, out var account) ? limit with { Account = account } : limit;

    /// <summary>A booking in a window that is over is none of the one that is open.</summary>
    private static LimitState After(LimitState limit, Account account) =>
        limit.Limit.Window.Name == account.Limit && !(limit.Account?.Number > account.Number) ? limit with { Account = account } : limit;
}
