using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Batches;

/// <summary>Prices the answers to a batch's requests, of whose models nothing is known but that they are among the batch's.</summary>
/// <param name="asked">The models that the batch asked for.</param>
/// <param name="book">The prices in force.</param>
/// <param name="kept">The prices that the batch was held by, which the provider may have billed by; null where they cannot be read.</param>
/// <param name="from">When the batch was made.</param>
/// <param name="to">When it had ended at the latest.</param>
internal sealed class BatchPrices(IReadOnlyList<ModelKey> asked, PriceBook book, PriceBook? kept, DateTimeOffset from, DateTimeOffset to)
{
    /// <summary>How a request ends by what its answer says: at the dearest, where it may have asked for several models.</summary>
    public CallEnd Of(ProviderReport report, decimal residencyFactor)
    {
        if (kept is null)
        {
            return new CallEnd.Forfeited("the prices that it was held by cannot be read", Money.Zero);
        }

        CallEnd? dearest = null;
        foreach (var model in Candidates(report.Model))
        {
            var end = CallEnd.Of(report, Served(model), askedTier: null, residencyFactor);
            if (end is not CallEnd.Settled settled)
            {
                return end;
            }

            dearest = dearest is CallEnd.Settled { Bill.Total: var most } && most >= settled.Bill.Total ? dearest : settled;
        }

        return dearest ?? new CallEnd.Forfeited("nothing tells which model was asked for", Money.Zero);
    }

    private IEnumerable<ModelKey> Candidates(string? served)
    {
        var same = asked.Where(model => model.Model == served).Take(1).ToList();
        same = same.Count > 0 || served is null ? same : [.. asked.Where(model => SnapshotName.IsSameModel(model.Model, served))];
        return same.Count > 0 ? same : asked;
    }

    private ServedPrices Served(ModelKey asked) => new(
        asked.Model,
        CardsOf(asked, asked),
        other => CardsOf(new ModelKey(asked.Provider, other), asked),
        other => IsOwn(new ModelKey(asked.Provider, other)))
    {
        AskedIsOwn = IsOwn(asked),
    };

    private bool IsOwn(ModelKey model) => book.IsOwn(model) || kept!.IsOwn(model);

    /// <summary>The cards of either book that may have been in force. What cannot be priced leaves the hold as it is.</summary>
    private IReadOnlyList<RateCard> CardsOf(ModelKey model, ModelKey asked)
    {
        try
        {
            return Vendor.Complete([.. CardsOf(model, asked, book), .. CardsOf(model, asked, kept!)]);
        }
        catch (UnboundedCostException)
        {
            return [];
        }
    }

    /// <summary>The cards by which a book prices a model: where it has only another name of it, by that one.</summary>
    private IReadOnlyList<RateCard> CardsOf(ModelKey model, ModelKey asked, PriceBook by) =>
        by.CardsAfter(model, from, to) is { Count: > 0 } cards ? cards
        : SnapshotName.IsSameModel(model.Model, asked.Model) ? by.CardsAfter(asked, from, to)
        : [];
}
