using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Batches;
using SpendGuard.Calls.Parking;
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
            var (quote, reservation) = await _parked.HoldAsync(
                batch.ApprovalWait ?? _options.ApprovalWait,
                most => _batches.HoldAsync(BatchQuote.For(batch, Prices.Current, _options, Time.GetUtcNow()), ParkedCalls.Shorter(batch.LockedWait, most), cancellationToken),
                cancellationToken).ConfigureAwait(false);
            reserved = new ReservedBatch(_batches, reservation, [.. quote.Grants]);
        }
        catch (SpendGuardException exception)
        {
            var first = batch.Requests[0];
            _telemetry.Refused(CallLabels.Of(first.Model), first.Agent, span: null, exception);
            _refusals.Add(exception, first.Agent, first.Run, BatchModels.Join(batch.Requests.Select(static call => call.Model)), first.Function);
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

    /// <summary>Begins to add up what the results of a batch come to: at the dearest of the prices that it was held by and of those in force.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where it was served.</param>
    /// <param name="answers">How many of its requests were answered, by the provider's word; the results have no fewer.</param>
    /// <param name="ofAll">Whether there is a result of each request, or only of those that were answered.</param>
    [Experimental(ApiTier.Adapters)]
    public BatchBill BillOf(Reservation batch, decimal residencyFactor = 1, int answers = 0, bool ofAll = true)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new BatchBill(batch, Prices.Current, Time.GetUtcNow(), residencyFactor) { Answers = answers, OfAll = ofAll };
    }

    /// <summary>Settles a batch at what all of its results come to. What was forfeited because it had expired is corrected; what was settled stays so.</summary>
    /// <param name="bill">What they come to.</param>
    /// <returns>
    /// How it ended; null where what it cost cannot be told, and nothing has changed. Where that is known to be more than is held, it is forfeited
    /// at what is known.
    /// </returns>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<Settlement?> SettleAsync(BatchBill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return bill switch
        {
            { Total: { } total } => await _batches.SettleAsync(bill.Batch, total, bill.Tokens).ConfigureAwait(false),
            { Missing: { } missing } when bill.Known > bill.Batch.Held && bill.Batch.End == ReservationEnd.None =>
                await _batches.ForfeitAsync(bill.Batch, missing, bill.Known).ConfigureAwait(false),
            _ => null,
        };
    }
}
