using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Batches;
using SpendGuard.Telemetry;

namespace SpendGuard;

/// <content>Batches that providers work on in their own time.</content>
public sealed partial class SpendGuardEngine
{
    private readonly BatchHolds _batches;

    /// <summary>Holds all that a batch can cost, durably, or nothing. Only then may it be sent. It takes no place of a call's.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Gives up waiting; a hold that has been made meanwhile is released.</param>
    /// <exception cref="ArgumentException">It has no requests, or not all are of one agent and run, or they count for a run with a cap.</exception>
    /// <inheritdoc cref="ReserveAsync(ModelCall, CancellationToken)"/>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<ReservedBatch> ReserveAsync(ModelBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var use = _inFlight.Use.Enter();
        ReservedBatch reserved;
        try
        {
            var quote = BatchQuote.For(batch, Prices.Current, _options, Time.GetUtcNow());
            var reservation = await _batches.HoldAsync(quote, batch.LockedWait, cancellationToken).ConfigureAwait(false);
            reserved = new ReservedBatch(_batches, reservation, [.. quote.Grants]);
        }
        catch (SpendGuardException exception)
        {
            _telemetry.Refused(CallLabels.Of(batch.Requests[0].Model), span: null, exception);
            throw;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            await reserved.EndAsync(Billing.ProviderReport.NotBilled).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return reserved;
    }

    /// <summary>An agent's batch by the name that it was given, whether it has ended or not; null where the agent has none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<Reservation?> FindBatchAsync(AgentId agent, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return await _batches.FindAsync(name, cancellationToken).ConfigureAwait(false) is { Requests: not null } batch && batch.Agent == agent ? batch : null;
    }

    /// <summary>Begins to add up what the results of a batch come to, at the prices in force: the dearest of those since it was made.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where it was served.</param>
    /// <param name="succeeded">How many of its requests were answered at least, where its results are of those only; null where there is one of each request.</param>
    [Experimental(ApiTier.Adapters)]
    public BatchBill BillOf(Reservation batch, decimal residencyFactor = 1, int? succeeded = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new BatchBill(batch, Prices.Current, Time.GetUtcNow(), residencyFactor, succeeded);
    }

    /// <summary>Settles a batch at what all of its results come to. What was forfeited because it had expired is corrected; what was settled stays so.</summary>
    /// <param name="bill">What they come to.</param>
    /// <returns>How it ended; null where what it cost cannot be told, and nothing has changed.</returns>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<Settlement?> SettleAsync(BatchBill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return bill.Total is { } total ? await _batches.SettleAsync(bill.Batch, total).ConfigureAwait(false) : null;
    }
}
