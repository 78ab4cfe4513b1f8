using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>What a batch of commands concerns of the tree: which statements lock and load it, and what their rows are.</summary>
internal sealed class TreeReader
{
    private readonly string _tenant;
    private readonly string[] _nodes;
    private readonly string[] _limitsOf;
    private readonly string[] _below;
    private readonly string[] _ended;
    private readonly string[] _claimed;
    private readonly IReadOnlyList<(string Node, string Window)> _set;
    private readonly IReadOnlyList<AccountKey> _runs;
    private readonly IReadOnlyList<NodeId> _paths;

    public TreeReader(string tenant, IReadOnlyList<BudgetLookup> lookups, string[] ended)
    {
        _tenant = tenant;
        _ended = ended;
        _paths = [.. lookups.SelectMany(lookup => (NodeId?[])[lookup.PathOf, lookup.Under]).OfType<NodeId>().Distinct()];

        // Those of a group that something is put under too: what comes after it in the same batch has to fit them.
        _limitsOf = Distinct(_paths.Select(node => (NodeId?)node));
        _below = Distinct(lookups.Where(lookup => lookup.Below).Select(lookup => lookup.Node));
        _nodes = Distinct(lookups.Select(lookup => lookup.Node).Concat(_paths.Select(node => (NodeId?)node)));
        _claimed = [.. lookups.Select(lookup => lookup.Claim?.Name).OfType<string>().Distinct(StringComparer.Ordinal)];
        _set = [.. lookups.Where(lookup => lookup.Window is not null).Select(lookup => (lookup.Node!.Value.Value, lookup.Window!)).Distinct()];
        _runs = [.. lookups.Select(lookup => lookup.RunAccount).OfType<AccountKey>().Distinct()];
    }

    /// <summary>Adds the statements that lock, which come before all others that do.</summary>
    public void AddLocks(NpgsqlBatch batch)
    {
        if (_claimed.Length > 0)
        {
            batch.Add(TreeSql.LockNames).With(_tenant);
        }

        if (_ended.Length > 0)
        {
            batch.Add(TreeSql.LockPathsAndThoseOfReservations).With(_tenant).With(_nodes).With(_ended);
        }
        else if (_nodes.Length > 0)
        {
            batch.Add(TreeSql.LockPaths).With(_tenant).With(_nodes);
        }
    }

    /// <summary>Adds the statements that load what the locks are for.</summary>
    public void AddLoads(NpgsqlBatch batch)
    {
        if (_limitsOf.Length > 0)
        {
            batch.Add(TreeSql.FindLimitsOfPaths).With(_tenant).With(_limitsOf);
        }

        if (_ended.Length > 0)
        {
            batch.Add(TreeSql.FindAccountsOfReservations).With(_tenant).With(_ended);
        }

        if (_runs.Count > 0)
        {
            batch.Add(TreeSql.FindAccounts).With(_tenant)
                .With(_runs, key => key.Node.Value).With(_runs, key => key.Limit).With(_runs, key => key.Number);
        }

        if (_set.Count > 0)
        {
            batch.Add(TreeSql.FindLastAccounts).With(_tenant).With(_set, limit => limit.Node).With(_set, limit => limit.Window);
        }

        if (_below.Length > 0)
        {
            batch.Add(TreeSql.FindBelow).With(_tenant).With(_below);
        }

        if (_claimed.Length > 0)
        {
            batch.Add(TreeSql.FindNamesakes).With(_tenant).With(_claimed);
        }
    }

    /// <summary>Reads the rows of <see cref="AddLocks"/>.</summary>
    public async Task ReadLocksAsync(TreeChanges tree, Func<Action<NpgsqlDataReader>, Task> nextAsync)
    {
        if (_claimed.Length > 0)
        {
            await nextAsync(static _ => { }).ConfigureAwait(false);
        }

        if (_ended.Length + _nodes.Length > 0)
        {
            await nextAsync(row => tree.Load(TreeRows.ReadNode(row), row.GetGuid(10))).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the rows of <see cref="AddLoads"/>.</summary>
    /// <param name="tree">Where they are loaded.</param>
    /// <param name="hasBudget">Whether an agent's budget was there when that was locked, after the nodes.</param>
    /// <param name="nextAsync">Goes through the rows of the next statement.</param>
    /// <exception cref="PathChangedException">A node was moved meanwhile.</exception>
    public async Task ReadLoadsAsync(TreeChanges tree, Func<NodeId, bool> hasBudget, Func<Action<NpgsqlDataReader>, Task> nextAsync)
    {
        if (_limitsOf.Length > 0)
        {
            await nextAsync(row =>
            {
                tree.Nodes.Load(TreeRows.ReadLimit(row));
                tree.Load(TreeRows.ReadAccount(row, first: 6));
            }).ConfigureAwait(false);
        }

        if (_ended.Length > 0)
        {
            await nextAsync(row => tree.Load(TreeRows.ReadAccount(row, first: 0))).ConfigureAwait(false);
        }

        if (_runs.Count > 0)
        {
            await nextAsync(row => tree.Load(TreeRows.ReadAccount(row, first: 0))).ConfigureAwait(false);
        }

        if (_set.Count > 0)
        {
            await nextAsync(row => tree.Load(TreeRows.ReadAccount(row, first: 0))).ConfigureAwait(false);
        }

        // Not among those that are locked: whoever puts something below locks the way to it.
        if (_below.Length > 0)
        {
            await nextAsync(row => tree.Nodes.Load(TreeRows.ReadNode(row))).ConfigureAwait(false);
        }

        // Nor are these: one that is changed at once had the name, or has it, as this commit comes after that one or before it.
        if (_claimed.Length > 0)
        {
            await nextAsync(row => tree.Nodes.Load(TreeRows.ReadNode(row))).ConfigureAwait(false);
        }

        // What is above was looked up before it was locked; and whoever has a budget has a place, which was made meanwhile.
        if (_paths.Any(node => !tree.Nodes.HasPathOf(node) || (tree.Nodes.Find(node) is null && hasBudget(node))))
        {
            throw new PathChangedException();
        }
    }

    private static string[] Distinct(IEnumerable<NodeId?> nodes) => [.. nodes.OfType<NodeId>().Select(node => node.Value).Distinct(StringComparer.Ordinal)];
}
