using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>A request for approval cannot be answered so any more: it was answered before, or what it is about is no more.</summary>
public sealed class ApprovalOverException : SpendGuardException
{
    internal ApprovalOverException(Approval approval)
        : base($"Request for approval '{approval.Id}' {CauseOf(approval)}") => Approval = approval;

    /// <summary>The request as it is.</summary>
    public Approval Approval { get; }

    private static string CauseOf(Approval approval) => approval.State switch
    {
        ApprovalState.Approved or ApprovalState.Ended => $"was approved before: {approval.Added} {(approval.Until is { } until ? $"until {until.UtcDateTime:u}" : "until the limit is set anew")}"
            + $"{(approval.By is null ? "" : $", by {approval.By}")}{(approval.State == ApprovalState.Ended ? ", which has ended" : "")}. To give more, answer the next request, or raise the limit.",
        ApprovalState.Denied => $"was denied before{(approval.By is null ? "" : $" by {approval.By}")}. To let the agent ask again, set the limit anew.",
        _ => $"is over: the {approval.Limit} limit of '{approval.Node}' was set anew or removed since, its window has ended, a newer request took its place, or '{approval.Node}' was deleted. The next call that does not fit asks again.",
    };
}
