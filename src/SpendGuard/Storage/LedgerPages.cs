using System.Runtime.CompilerServices;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>Reads a ledger page by page, so that nobody has to hold all of it.</summary>
internal static class LedgerPages
{
    private const int Length = 500;

    /// <param name="store">The store.</param>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="afterSequence">The last entry that is known already; 0 to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<LedgerEntry> ReadAsync(
        IBudgetStore store, AgentId? agent, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await store.ReadLedgerAsync(afterSequence, agent, Length, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                afterSequence = entry.Sequence;
                yield return entry;
            }
        }
        while (page.Count == Length);
    }
}
