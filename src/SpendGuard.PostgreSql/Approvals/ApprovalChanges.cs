using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Approvals;

/// <summary>The requests for approval and the identical calls that a batch of commands concerns, and which of them the commands have changed.</summary>
internal sealed class ApprovalChanges
{
    private readonly Dictionary<ApprovalId, Approval> _approvals = [];
    private readonly Dictionary<StreakKey, Streak> _streaks = [];
    private readonly HashSet<ApprovalId> _changedApprovals = [];
    private readonly HashSet<StreakKey> _changedStreaks = [];

    public bool HasChanges => _changedApprovals.Count + _changedStreaks.Count > 0;

    public IReadOnlyList<Approval> Approvals => [.. _changedApprovals.Select(id => _approvals[id])];

    public IReadOnlyList<Streak> Streaks => [.. _changedStreaks.Select(key => _streaks[key])];

    public void Load(Approval approval) => _approvals[approval.Id] = approval;

    public void Load(Streak streak) => _streaks[streak.Key] = streak;

    public Approval? Find(ApprovalId? id) => id is { } one ? _approvals.GetValueOrDefault(one) : null;

    public Streak? Find(StreakKey? key) => key is { } one ? _streaks.GetValueOrDefault(one) : null;

    public void Save(Transition transition)
    {
        if (transition.Approval is { } approval)
        {
            Load(approval);
            _changedApprovals.Add(approval.Id);
        }

        if (transition.Streak is { } streak)
        {
            Load(streak);
            _changedStreaks.Add(streak.Key);
        }
    }
}
