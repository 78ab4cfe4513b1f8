using Npgsql;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>Writes what a batch has changed of nodes, limits and accounts.</summary>
internal sealed class TreeWriter(string tenant)
{
    public void AddNodes(NpgsqlBatch batch, Attempt attempt)
    {
        if (attempt.Work.Tree.NewNodes is { Count: > 0 } created)
        {
            batch.Add(TreeSql.InsertNodes).With(tenant).With(attempt.Batch)
                .With(created, node => node.Id.Value)
                .With(created, node => StoredNames.ToText(node.Kind))
                .With(created, node => node.Name)
                .With(created, node => node.Parent?.Value)
                .With(created, node => node.Pause?.At.UtcTicks)
                .With(created, node => node.Pause?.By)
                .With(created, node => node.Pause?.Reason)
                .With(created, node => node.CreatedAt.UtcTicks)
                .With(created, node => node.DeletedAt?.UtcTicks)
                .With(created, node => node.IdenticalCalls);
        }

        if (attempt.Work.Tree.ChangedNodes is { Count: > 0 } changed)
        {
            batch.Add(TreeSql.UpdateNodes).With(tenant).With(attempt.Batch)
                .With(changed, node => node.Id.Value)
                .With(changed, node => node.Name)
                .With(changed, node => node.Parent?.Value)
                .With(changed, node => node.Pause?.At.UtcTicks)
                .With(changed, node => node.Pause?.By)
                .With(changed, node => node.Pause?.Reason)
                .With(changed, node => node.DeletedAt?.UtcTicks)
                .With(changed, node => node.IdenticalCalls);
        }
    }

    public void AddLimitsAndAccounts(NpgsqlBatch batch, TreeChanges tree, long entries)
    {
        AddLimits(batch, tree);
        if (tree.NewAccounts is { Count: > 0 } created)
        {
            batch.Add(TreeSql.InsertAccounts).With(tenant).With(entries)
                .With(created, row => row.Account.Node.Value)
                .With(created, row => row.Account.Limit)
                .With(created, row => row.Account.Number)
                .With(created, row => row.Account.From.UtcTicks)
                .With(created, row => row.Account.Until?.UtcTicks)
                .With(created, row => row.Account.Length?.Ticks)
                .With(created, row => row.Account.Amount.Microcents)
                .With(created, row => row.Account.Granted.Microcents)
                .With(created, row => row.Account.Spent.Microcents)
                .With(created, row => row.Account.Held.Microcents)
                .With(created, row => row.Account.Slices)
                .With(created, row => row.Account.Raises.ToText())
                .With(created, row => row.Account.Approval?.Value)
                .With(created, row => row.Account.Thresholds.ToText())
                .With(created, row => (long)row.Place);
        }

        if (tree.ChangedAccounts is { Count: > 0 } changed)
        {
            batch.Add(TreeSql.UpdateAccounts).With(tenant).With(entries)
                .With(changed, row => row.Account.Node.Value)
                .With(changed, row => row.Account.Limit)
                .With(changed, row => row.Account.Number)
                .With(changed, row => row.Account.Until?.UtcTicks)
                .With(changed, row => row.Account.Amount.Microcents)
                .With(changed, row => row.Account.Granted.Microcents)
                .With(changed, row => row.Account.Spent.Microcents)
                .With(changed, row => row.Account.Held.Microcents)
                .With(changed, row => row.Account.Slices)
                .With(changed, row => row.Account.Raises.ToText())
                .With(changed, row => row.Account.Approval?.Value)
                .With(changed, row => row.Account.Thresholds.ToText())
                .With(changed, row => (long)row.Place)
                .With(changed, row => row.LoadedEntry);
        }
    }

    private void AddLimits(NpgsqlBatch batch, TreeChanges tree)
    {
        if (tree.RemovedLimits is { Count: > 0 } removed)
        {
            batch.Add(TreeSql.RemoveLimits).With(tenant)
                .With(removed, change => change.Node.Value).With(removed, change => change.Limit.Window.Name);
        }

        if (tree.SetLimits is { Count: > 0 } set)
        {
            batch.Add(TreeSql.SaveLimits).With(tenant)
                .With(set, change => change.Node.Value)
                .With(set, change => change.Limit.Window.Name)
                .With(set, change => change.Limit.Window.Zone)
                .With(set, change => change.Limit.Amount.Microcents)
                .With(set, change => StoredNames.ToText(change.Limit.Action))
                .With(set, change => change.Limit.Thresholds.ToText());
        }
    }
}
