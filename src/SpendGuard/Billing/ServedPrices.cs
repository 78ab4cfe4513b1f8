using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>The cards that price the end of a call, by what its answer says of who served it.</summary>
internal sealed class ServedPrices
{
    private readonly string _asked;
    private readonly Func<string, IReadOnlyList<RateCard>> _cardsOf;
    private readonly Func<string, bool> _isOwn;

    /// <param name="asked">The provider's name for the model that was reserved for.</param>
    /// <param name="cards">The cards that the call was held at, as far as they were in force while it ran.</param>
    /// <param name="cardsOf">The cards of another model that were in force while the call ran; empty for none.</param>
    /// <param name="isOwn">Whether the application has given a model's price itself.</param>
    public ServedPrices(string asked, IReadOnlyList<RateCard> cards, Func<string, IReadOnlyList<RateCard>> cardsOf, Func<string, bool> isOwn) =>
        (_asked, Asked, _cardsOf, _isOwn) = (asked, cards, cardsOf, isOwn);

    /// <summary>The cards that the call was held at.</summary>
    public IReadOnlyList<RateCard> Asked { get; }

    /// <summary>Whether these are the application's own. They hold then whoever served the call, but for a model of which it has another.</summary>
    public bool AskedIsOwn { get; init; }

    /// <summary>
    /// Whether the application has set the model to price by. It holds then under all names of that model; if the answer names another
    /// model, the dearer of the two counts.
    /// </summary>
    public bool AskedIsSet { get; init; }

    /// <summary>The cards that price what a model served, of which the dearest counts; null where no price is known for it.</summary>
    /// <param name="model">The provider's name for the model; null where the answer does not tell.</param>
    public IReadOnlyList<RateCard>? Of(string? model)
    {
        if (IsAsked(model))
        {
            return Asked;
        }

        var served = _cardsOf(model!);
        var isAskedByAnotherName = SnapshotName.IsSameModel(model!, _asked);
        return _isOwn(model!) && served.Count > 0 ? served
            : AskedIsOwn ? Asked
            : AskedIsSet ? (isAskedByAnotherName ? Asked : [.. Asked, .. served])
            : served.Count > 0 ? served
            : isAskedByAnotherName ? Asked
            : null;
    }

    /// <summary>The same for a run within the call, whose model need not be the one that served it: a price of one's own is for that one.</summary>
    /// <param name="model">The provider's name for the model of the run.</param>
    public IReadOnlyList<RateCard>? OfRun(string model) =>
        AskedIsOwn && !_isOwn(model) && !SnapshotName.IsSameModel(model, _asked) ? [.. Asked, .. _cardsOf(model)] : Of(model);

    /// <summary>The cards that come nearest for a model that has none: a cost at any of them is known at best.</summary>
    /// <param name="model">The provider's name for the model; null where the answer does not tell.</param>
    public IReadOnlyList<RateCard> Nearest(string? model) => IsAsked(model) ? Asked : [.. Asked, .. _cardsOf(SnapshotName.ModelOf(model!))];

    /// <summary>Whether the answer names another model than the one whose price holds because the application says so.</summary>
    /// <param name="model">The provider's name for the model that served the call; null where the answer does not tell.</param>
    public bool IsOverruled(string? model) =>
        (AskedIsOwn || AskedIsSet) && !IsAsked(model) && !_isOwn(model!) && !SnapshotName.IsSameModel(model!, _asked);

    private bool IsAsked(string? model) => string.IsNullOrWhiteSpace(model) || string.Equals(model, _asked, StringComparison.Ordinal);
}
