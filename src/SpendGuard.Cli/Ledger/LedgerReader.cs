using System.Runtime.CompilerServices;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Ledger;

/// <summary>Reads the ledger through the sidecar, page after page.</summary>
internal static class LedgerReader
{
    private const int PageSize = 1_000;

    /// <summary>Every entry in the order of commit.</summary>
    public static async IAsyncEnumerable<Answer<LedgerEntryView>> ReadAllAsync(
        SidecarClient sidecar, string? agent, [EnumeratorCancellation] CancellationToken stop)
    {
        var after = 0L;
        bool more;
        do
        {
            var page = await sidecar.ReadLedgerAsync(agent, after, PageSize, stop);
            var json = page.Json["entries"]!.AsArray();
            for (var at = 0; at < page.Body.Entries.Count; at++)
            {
                yield return new Answer<LedgerEntryView>(page.Body.Entries[at], json[at]!);
            }

            (after, more) = (page.Body.NextAfter, page.Body.HasMore);
        }
        while (more);
    }
}
