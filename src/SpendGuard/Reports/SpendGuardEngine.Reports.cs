using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Calls.Counts;
using SpendGuard.Storage;

namespace SpendGuard;

/// <content>The ledger, and who spent what by it.</content>
public sealed partial class SpendGuardEngine
{
    private readonly RefusalCounter _refusals;

    /// <summary>The ledger in the order of commit.</summary>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="afterSequence">The last entry that is known already; 0 to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(AgentId? agent = null, long afterSequence = 0, CancellationToken cancellationToken = default) =>
        StorePages.ReadLedgerAsync(_store, agent, afterSequence, cancellationToken);

    /// <summary>The ledger, what was committed last at the front.</summary>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="beforeSequence">The first entry that is known already; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public IAsyncEnumerable<LedgerEntry> ReadLedgerBackAsync(AgentId? agent = null, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        StorePages.ReadLedgerBackAsync(_store, agent, beforeSequence, cancellationToken);

    /// <summary>Sums the ledger: calls, tokens, cost, what was held and given back, forfeits and refusals, by what has a row of its own.</summary>
    /// <param name="query">What is asked for; agents, of all that was ever booked, when null.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ArgumentException">Groups are asked for together with something else.</exception>
    /// <exception cref="OverflowException">A sum is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<SpendReport> ReportAsync(ReportQuery? query = null, CancellationToken cancellationToken = default)
    {
        await _refusals.WrittenAsync(cancellationToken).ConfigureAwait(false);
        return await StoreReports.ReadAsync(_store, query ?? new ReportQuery(), cancellationToken).ConfigureAwait(false);
    }

    private void CountRefusal(ModelCall call, Exception exception)
    {
        if (!call.IsDryRun)
        {
            _refusals.Add(exception, call.Agent, call.Run, call.Model.ToString(), call.Function);
        }
    }
}
