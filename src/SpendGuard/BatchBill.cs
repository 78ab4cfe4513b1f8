using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls.Batches;
using SpendGuard.Pricing;

namespace SpendGuard;

/// <summary>What the results of a batch come to, one after the other.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class BatchBill
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly BatchPrices _prices;
    private readonly decimal _residencyFactor;
    private Money _sum;
    private string? _unread;

    internal BatchBill(Reservation batch, PriceBook book, DateTimeOffset now, decimal residencyFactor)
    {
        Batch = batch;
        _prices = new BatchPrices(BatchModels.Split(batch.Model), book, batch.CreatedAt, batch.ExpiresAt < now ? batch.ExpiresAt : now);
        _residencyFactor = residencyFactor;
    }

    /// <summary>The batch's reservation, as it was when the results were asked for.</summary>
    public Reservation Batch { get; }

    /// <summary>Why its cost cannot be told from what was read so far, for the log; null where it can.</summary>
    public string? Missing => _unread ?? (_told.Count < Batch.Requests ? $"there are {_told.Count} results of {Batch.Requests} requests" : null);

    /// <summary>What all of it cost; null while that cannot be told.</summary>
    public Money? Total => Missing is null ? _sum : null;

    /// <summary>Takes what came of a request.</summary>
    /// <param name="request">The caller's id of the request.</param>
    /// <param name="report">What its result says; <see cref="ProviderReport.NotBilled"/> of one that costs nothing.</param>
    public void Add(string request, ProviderReport report)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(report);
        if (!_told.Add(request))
        {
            Fail("a request has several results");
        }
        else if (_told.Count > Batch.Requests)
        {
            Fail("there are more results than requests");
        }

        switch (_prices.Of(report, _residencyFactor))
        {
            case CallEnd.Settled { Bill: var bill }:
                _sum += bill.Total;
                break;
            case CallEnd.Forfeited { Reason: var reason }:
                Fail(reason);
                break;
        }
    }

    /// <summary>Takes note of something among the results that cannot be read.</summary>
    /// <param name="reason">What it is, for the log.</param>
    public void Fail(string reason) => _unread ??= reason;
}
