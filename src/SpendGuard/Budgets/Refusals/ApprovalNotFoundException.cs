using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>There is no request for approval with the id.</summary>
public sealed class ApprovalNotFoundException : SpendGuardException
{
    internal ApprovalNotFoundException(ApprovalId id)
        : base($"There is no request for approval with the id '{id}'. Those that wait for an answer are listed by spendguard approvals list.") => Id = id;

    /// <summary>The id.</summary>
    public ApprovalId Id { get; }
}
