using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls.Counts;
using SpendGuard.Pricing;

namespace SpendGuard.Batches;

/// <summary>What the results of a batch come to, one after the other.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class BatchBill
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly BatchPrices _prices;
    private readonly decimal _residencyFactor;
    private int _billed;
    private Int128 _input;
    private Int128 _output;
    private string? _unread;

    internal BatchBill(Reservation batch, PriceBook book, DateTimeOffset now, decimal residencyFactor)
    {
        Batch = batch;
        _prices = new BatchPrices(
            BatchModels.Split(batch.Model), book, BatchCards.Read(batch.Cards), batch.CreatedAt, batch.ExpiresAt < now ? batch.ExpiresAt : now);
        _residencyFactor = residencyFactor;
    }

    /// <summary>The batch's reservation, as it was when the results were asked for.</summary>
    public Reservation Batch { get; }

    /// <summary>Why its cost cannot be told from what was read so far, for the log; null where it can.</summary>
    public string? Missing => _unread
        ?? (OfAll && _told.Count < Batch.Requests ? $"there are {_told.Count} results of {Batch.Requests} requests" : null)
        ?? (_billed < Answers ? $"there are {_billed} answers, and the provider has told of {Answers}" : null);

    /// <summary>What all of it cost; null while that cannot be told.</summary>
    public Money? Total => Missing is null ? Known : null;

    /// <summary>What those results cost that could be read.</summary>
    public Money Known { get; private set; }

    /// <summary>What was counted in those results; null where nothing was.</summary>
    internal TokenCounts? Tokens { get; private set; }

    /// <summary>How many answers there are at least.</summary>
    internal int Answers { get; init; }

    /// <summary>Whether there is a result of each request.</summary>
    internal bool OfAll { get; init; }

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
            case CallEnd.Settled { Bill: { Usage: var usage, Total: var total } }:
                _billed++;
                Charge(total, usage);
                (_input, _output) = (_input + usage.TotalInput, _output + usage.TotalOutput);
                break;
            case CallEnd.Forfeited { Reason: var reason }:
                Fail(reason);
                break;
        }
    }

    /// <summary>
    /// Takes what the provider has counted for the whole batch, after the last result. What goes beyond the results is billed too, at the dearest
    /// price of the batch's models: nothing tells what it was for.
    /// </summary>
    /// <param name="whole">What was counted; null where that is not told.</param>
    public void AddRest(Usage? whole)
    {
        if (whole is null)
        {
            return;
        }

        var rest = new Usage { Input = Above(whole.TotalInput, _input), Output = Above(whole.TotalOutput, _output) };
        switch (rest.IsZero ? new CallEnd.Released() : _prices.Of(new ProviderReport { Usage = rest, ServiceTier = ServiceTier.Batch }, _residencyFactor))
        {
            case CallEnd.Settled { Bill.Total: var total }:
                Charge(total, rest);
                break;
            case CallEnd.Forfeited { Reason: var reason }:
                Fail(reason);
                break;
        }

        static long Above(long told, Int128 read) => told > read ? (long)(told - read) : 0;
    }

    /// <summary>Takes note of something among the results that cannot be read.</summary>
    /// <param name="reason">What it is, for the log.</param>
    public void Fail(string reason) => _unread ??= reason;

    private void Charge(Money cost, Usage usage)
    {
        try
        {
            Known += cost;
            Tokens = CountedTokens.Of(usage) is { } counted ? Tokens?.Plus(counted) ?? counted : Tokens;
        }
        catch (OverflowException)
        {
            Fail("what was counted is out of range");
        }
    }
}
