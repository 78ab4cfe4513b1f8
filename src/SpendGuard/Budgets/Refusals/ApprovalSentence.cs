namespace SpendGuard.Budgets;

/// <summary>What refusals say of the request for approval that they have left.</summary>
internal static class ApprovalSentence
{
    /// <summary>What the agent can do, and what who may approve can.</summary>
    public static string WayOut(Approval approval, CallNeed need) => approval.State == ApprovalState.Denied
        ? $"More was asked for as '{approval.Id}' and denied{(approval.By is null ? "" : $" by {approval.By}")}"
            + $"{(string.IsNullOrWhiteSpace(approval.Reason) ? "" : $": {approval.Reason.Trim().TrimEnd('.')}")}. Make the {need.Who} smaller, or have the limit set anew."
        : $"More was asked for as '{approval.Id}': wait and send the {need.Who} again, or make it smaller. Who may approve it does so by spendguard approvals approve '{approval.Id}' --add-cents <cents>.";
}
