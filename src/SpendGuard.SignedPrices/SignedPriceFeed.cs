using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices;

/// <summary>Takes prices from a source of signed documents: strict at start, patient after.</summary>
/// <remarks>
/// Thread-safe. Calls never wait for it; they read the book in force. A document that is refused changes nothing, so that the last good
/// one stays in force until it expires; then the engine refuses calls.
/// </remarks>
[Experimental("SPENDGUARD002")]
public sealed class SignedPriceFeed : IAsyncDisposable, IDisposable
{
    private readonly SignedDocumentFeed<PriceBook> _feed;

    internal SignedPriceFeed(SignedPriceOptions options, TimeProvider time, ILogger<SignedPriceFeed> logger)
    {
        _feed = new SignedDocumentFeed<PriceBook>(new PriceContent(), content => Prices!.Swap(PriceContent.Book(content)), options, time, logger);
        Prices = new Prices(new PriceBook($"{_feed.Source}, which has given none yet,", DateTimeOffset.MinValue, [], DateTimeOffset.MinValue));
    }

    /// <summary>The prices in force. Before <see cref="LoadAsync"/> they have expired, so that no call is made.</summary>
    public Prices Prices { get; }

    /// <summary>What went wrong the last time that prices were looked up; null when nothing did.</summary>
    public DocumentFailure? LastFailure => _feed.LastFailure;

    /// <summary>Puts the first prices in force and keeps them current from then on. Does nothing when that is done already.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) => _feed.LoadAsync(cancellationToken);

    /// <summary>Looks prices up once, ahead of the time at which that is done anyway.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RefreshAsync(CancellationToken cancellationToken = default) => _feed.RefreshAsync(cancellationToken);

    /// <summary>Stops looking prices up. Those in force stay until they expire.</summary>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => _feed.Dispose();

    /// <summary>The prices in force, for whoever cannot wait otherwise: where no host has loaded them, it is done here.</summary>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    internal Prices Loaded()
    {
        _feed.EnsureLoaded();
        return Prices;
    }
}
