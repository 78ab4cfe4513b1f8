namespace SpendGuard.Cli.Connection;

/// <content>Requests for approval.</content>
internal sealed partial class SidecarClient
{
    /// <summary>A page of the requests for approval.</summary>
    public Task<Answer<ApprovalListView>> ListApprovalsAsync(string? state, string? after, int limit, CancellationToken cancellationToken) => GetAsync(
        "v1/approvals" + Page(after, limit) + (state is null ? "" : "&state=" + Uri.EscapeDataString(state)), BodyJson.Default.ApprovalListView, cancellationToken);

    public Task<Answer<ApprovalView>> ApproveAsync(string approval, ApproveOrder order, CancellationToken cancellationToken) => SendAsync(
        With(HttpMethod.Post, ApprovalPath(approval) + "/approve", order, BodyJson.Default.ApproveOrder), BodyJson.Default.ApprovalView, cancellationToken);

    public Task<Answer<ApprovalView>> DenyAsync(string approval, string? reason, CancellationToken cancellationToken) => SendAsync(
        With(HttpMethod.Post, ApprovalPath(approval) + "/deny", new PauseOrder(reason), BodyJson.Default.PauseOrder), BodyJson.Default.ApprovalView, cancellationToken);

    private static string ApprovalPath(string approval) => $"v1/approvals/{Uri.EscapeDataString(approval)}";
}
