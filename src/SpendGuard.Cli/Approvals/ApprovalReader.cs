using System.Runtime.CompilerServices;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Approvals;

/// <summary>Reads requests for approval through the sidecar.</summary>
internal static class ApprovalReader
{
    private const int PageSize = 1_000;

    /// <summary>Every request, newest first.</summary>
    /// <param name="sidecar">The sidecar.</param>
    /// <param name="state">Only those that are so far; null for all.</param>
    /// <param name="stop">Stops reading.</param>
    public static async IAsyncEnumerable<Answer<ApprovalView>> ReadAllAsync(SidecarClient sidecar, string? state, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        bool more;
        do
        {
            var page = await sidecar.ListApprovalsAsync(state, after, PageSize, stop);
            var json = page.Json["approvals"]!.AsArray();
            for (var at = 0; at < page.Body.Approvals.Count; at++)
            {
                yield return new Answer<ApprovalView>(page.Body.Approvals[at], json[at]!);
            }

            after = page.Body.NextAfter;
            more = page.Body.HasMore == true && after is not null;
        }
        while (more);
    }
}
