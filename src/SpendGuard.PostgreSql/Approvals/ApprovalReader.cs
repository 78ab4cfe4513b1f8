using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Approvals;

/// <summary>What a batch of commands concerns of requests for approval and of identical calls; most concern none, and nothing is asked for.</summary>
internal sealed class ApprovalReader(string tenant, IReadOnlyList<BudgetLookup> lookups)
{
    private readonly string[] _approvals =
        [.. lookups.Select(lookup => lookup.Approval).OfType<ApprovalId>().Select(id => id.Value).Distinct(StringComparer.Ordinal)];

    private readonly IReadOnlyList<StreakKey> _streaks = [.. lookups.Select(lookup => lookup.Streak).OfType<StreakKey>().Distinct()];

    /// <summary>Adds the statements, which come after the locks of nodes and budgets.</summary>
    public void Add(NpgsqlBatch batch)
    {
        if (_approvals.Length > 0)
        {
            batch.Add(ApprovalSql.LockApprovals).With(tenant).With(_approvals);
        }

        if (_streaks.Count > 0)
        {
            batch.Add(ApprovalSql.FindStreaks).With(tenant).With(_streaks, key => key.Agent.Value).With(_streaks, key => key.Run.Value);
        }
    }

    /// <summary>Reads their rows.</summary>
    public async Task ReadAsync(ApprovalChanges changes, Func<Action<NpgsqlDataReader>, Task> nextAsync)
    {
        if (_approvals.Length > 0)
        {
            await nextAsync(row => changes.Load(ApprovalRows.ReadApproval(row))).ConfigureAwait(false);
        }

        if (_streaks.Count > 0)
        {
            await nextAsync(row => changes.Load(ApprovalRows.ReadStreak(row))).ConfigureAwait(false);
        }
    }
}
