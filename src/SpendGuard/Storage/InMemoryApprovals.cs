using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>The requests for approval of an <see cref="InMemoryBudgetStore"/>, which one at a time uses.</summary>
internal sealed class InMemoryApprovals
{
    private readonly Dictionary<ApprovalId, Approval> _approvals = [];

    public void Save(Approval approval) => _approvals[approval.Id] = approval;

    public Approval? Find(ApprovalId id) => _approvals.GetValueOrDefault(id);

    /// <inheritdoc cref="IBudgetStore.ListApprovalsAsync"/>
    public IReadOnlyList<Approval> List(ApprovalState? state, Approval? before, int limit) =>
        [.. _approvals.Values
            .Where(approval => state is null || approval.State == state)
            .OrderByDescending(approval => approval.AskedAt)
            .ThenByDescending(approval => approval.Id.Value, StringComparer.Ordinal)
            .Where(approval => before is null || IsOlder(approval, before))
            .Take(limit)];

    private static bool IsOlder(Approval approval, Approval other) => approval.AskedAt == other.AskedAt
        ? string.CompareOrdinal(approval.Id.Value, other.Id.Value) < 0
        : approval.AskedAt < other.AskedAt;
}
