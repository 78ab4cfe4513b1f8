using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing.Bundled;

namespace SpendGuard.Pricing;

/// <summary>An immutable, dated snapshot of rate cards.</summary>
/// <remarks>Thread-safe. To change prices, make a new book and hand it to <see cref="Prices.Swap"/>.</remarks>
public sealed class PriceBook
{
    private readonly FrozenDictionary<ModelKey, RateCard[]> _cards;
    private readonly FrozenSet<ModelKey> _own;

    /// <summary>Makes a book.</summary>
    /// <param name="source">Where the prices are from, for people to read.</param>
    /// <param name="generatedAt">The date of the prices.</param>
    /// <param name="cards">The cards; those of one model must not be in force at the same time.</param>
    /// <param name="expiresAt">When the prices must no longer be used; null for never.</param>
    /// <exception cref="ArgumentException">Two cards of one model are in force at the same time.</exception>
    [Experimental(ApiTier.Adapters)]
    public PriceBook(string source, DateTimeOffset generatedAt, IEnumerable<RateCard> cards, DateTimeOffset? expiresAt = null)
        : this(source, generatedAt, cards, expiresAt, own: [])
    {
    }

    private PriceBook(string source, DateTimeOffset generatedAt, IEnumerable<RateCard> cards, DateTimeOffset? expiresAt, IEnumerable<ModelKey> own)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(cards);
        Source = source;
        GeneratedAt = generatedAt;
        ExpiresAt = expiresAt;
        _cards = cards.GroupBy(card => card.Model).ToFrozenDictionary(model => model.Key, InOrderOfTime);
        _own = own.ToFrozenSet();
    }

    /// <summary>Where the prices are from.</summary>
    public string Source { get; }

    /// <summary>The date of the prices.</summary>
    public DateTimeOffset GeneratedAt { get; }

    /// <summary>When the prices must no longer be used; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The models that have a price.</summary>
    [Experimental(ApiTier.Adapters)]
    public IReadOnlyCollection<ModelKey> Models => _cards.Keys;

    /// <summary>The prices that ship with this version of SpendGuard.</summary>
    /// <remarks>Read from the assembly once: each call gives the same book.</remarks>
    public static PriceBook LoadBundled() => BundledPrices.Load();

    /// <summary>Reads a price document (a JSON object with <c>generated_at</c>, <c>rates</c> and more).</summary>
    /// <remarks>Its signature is not checked here: prices from elsewhere must be verified first.</remarks>
    /// <param name="utf8Json">The document in UTF-8.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="PriceFormatException">The document is faulty; says in which model and field.</exception>
    public static PriceBook Parse(ReadOnlyMemory<byte> utf8Json, string source) => PriceBookReader.Read(utf8Json, source);

    /// <summary>Reads a price document as <see cref="Parse(ReadOnlyMemory{byte}, string)"/> does.</summary>
    /// <param name="utf8Json">The document in UTF-8; read to its end and left open.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="PriceFormatException">The document is faulty; says in which model and field.</exception>
    public static PriceBook Parse(Stream utf8Json, string source) => PriceBookReader.Read(utf8Json, source);

    /// <summary>How old the prices are.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => now - GeneratedAt;

    /// <summary>Every card of a model that is in force at some moment of a span of time, oldest first.</summary>
    /// <exception cref="UnknownModelException">The model has no price in force; carries the nearest known names.</exception>
    /// <exception cref="PricesExpiredException">The book has expired.</exception>
    [Experimental(ApiTier.Adapters)]
    public IReadOnlyList<RateCard> Find(ModelKey model, DateTimeOffset from, DateTimeOffset to)
    {
        if (ExpiresAt is { } expiresAt && from >= expiresAt)
        {
            throw new PricesExpiredException(Source, expiresAt);
        }

        if (_cards.TryGetValue(model, out var cards))
        {
            if (cards is [var only] && only.InForce(from, to))
            {
                return cards;
            }

            var inForce = Array.FindAll(cards, card => card.InForce(from, to));
            if (inForce.Length > 0)
            {
                return inForce;
            }
        }

        throw new UnknownModelException(model, NearestNames.To(model.Provider, model.Model, _cards.Keys));
    }

    /// <summary>Whether the model has a price in force.</summary>
    [Experimental(ApiTier.Adapters)]
    public bool Contains(ModelKey model, DateTimeOffset at) =>
        _cards.TryGetValue(model, out var cards) && Array.Exists(cards, card => card.InForce(at, at));

    /// <summary>
    /// This book with cards of your own, such as for a local or private model. They replace all cards of the same models. A call that is
    /// held at a card of your own is charged at it too, under whatever name the provider says that it was served, unless that has a card of
    /// your own as well.
    /// </summary>
    [Experimental(ApiTier.Adapters)]
    public PriceBook With(params IEnumerable<RateCard> cards)
    {
        var own = cards.ToList();
        var replaced = own.Select(card => card.Model).ToHashSet();
        var kept = _cards.Where(model => !replaced.Contains(model.Key)).SelectMany(model => model.Value);
        return new PriceBook(Source, GeneratedAt, kept.Concat(own), ExpiresAt, _own.Concat(replaced));
    }

    /// <summary>This book with another expiry, such as one that allows for clocks that differ.</summary>
    /// <param name="expiresAt">When the prices must no longer be used; null for never.</param>
    public PriceBook WithExpiry(DateTimeOffset? expiresAt) => new(Source, GeneratedAt, _cards.Values.SelectMany(cards => cards), expiresAt, _own);

    /// <summary>Whether it is the book that ships with SpendGuard, with or without cards of one's own.</summary>
    internal bool IsBundled => Source == BundledPrices.Source;

    /// <summary>Whether the model's cards came by <see cref="With"/>.</summary>
    internal bool IsOwn(ModelKey model) => _own.Contains(model);

    /// <summary>As <see cref="Find"/>, for a call that has been made: none for a model without a price, and whether or not the book has expired.</summary>
    internal IReadOnlyList<RateCard> CardsAfter(ModelKey model, DateTimeOffset from, DateTimeOffset to) =>
        _cards.TryGetValue(model, out var cards) ? Array.FindAll(cards, card => card.InForce(from, to)) : [];

    private static RateCard[] InOrderOfTime(IGrouping<ModelKey, RateCard> model)
    {
        var cards = model.OrderBy(card => card.EffectiveFrom ?? DateTimeOffset.MinValue).ToArray();
        for (var i = 1; i < cards.Length; i++)
        {
            if (cards[i - 1].EffectiveTo is not { } end || cards[i].EffectiveFrom is not { } start || start < end)
            {
                throw new ArgumentException($"Two rate cards of {model.Key} are in force at the same time.", nameof(model));
            }
        }

        return cards;
    }
}
