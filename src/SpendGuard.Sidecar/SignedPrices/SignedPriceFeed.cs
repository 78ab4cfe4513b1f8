using System.Text;
using System.Text.Json;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Takes prices from a source of signed documents: strict at start, patient after.</summary>
/// <remarks>
/// Calls never wait for it; they read the book in force. A document that is refused changes nothing, so that the last good one stays in
/// force until it expires; then the engine refuses calls.
/// </remarks>
internal sealed class SignedPriceFeed(
    PriceSettings settings,
    IPriceSource source,
    PriceDocumentVerifier verifier,
    KeptPrices kept,
    TimeProvider time,
    ILogger<SignedPriceFeed> logger) : IPriceFeed
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);

    private volatile PriceFailure? _lastFailure;
    private bool _loaded;
    private string? _tag;

    /// <summary>When the newest document that was ever accepted was generated.</summary>
    private DateTimeOffset? _floor;

    public Prices Prices { get; } = new(new PriceBook("no source yet", DateTimeOffset.MinValue, [], DateTimeOffset.MinValue));

    public PriceFailure? LastFailure => _lastFailure;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return;
        }

        if (!settings.VerifySignature)
        {
            Log.NotVerified(logger, source.Name);
        }

        var (book, whyNot) = ReadKept();
        try
        {
            await FetchAsync(book, cancellationToken);
        }
        catch (Exception exception) when (exception is PriceFetchException or PriceDocumentException)
        {
            if (book is null)
            {
                throw new PricesUnavailableException(source.Name, exception.Message, whyNot, exception);
            }

            Prices.Swap(book);
            _lastFailure = new PriceFailure(exception.Message, time.GetUtcNow());

            // A server that is down is a nuisance; one that sends what must not be used is a reason to look.
            var level = exception is PriceDocumentException ? LogLevel.Error : LogLevel.Warning;
            Log.StartedWithKept(logger, level, source.Name, exception.Message, kept.Path, book.GeneratedAt, book.ExpiresAt);
        }

        _loaded = true;
    }

    public async Task KeepCurrentAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(Pause(), time, stopping);
            await RefreshAsync(stopping);
        }
    }

    /// <summary>Looks prices up once. One at a time.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(known: null, cancellationToken);
            _lastFailure = null;
        }
        catch (PriceFetchException exception)
        {
            _lastFailure = new PriceFailure(exception.Message, time.GetUtcNow());
            Log.Failed(logger, source.Name, exception.Message, Prices.Current.ExpiresAt);
        }
        catch (PriceDocumentException exception)
        {
            _lastFailure = new PriceFailure(exception.Message, time.GetUtcNow());
            Log.Refused(logger, source.Name, exception.Message, Prices.Current.ExpiresAt);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Whatever it is, a later attempt may do better; giving up would stop the sidecar.
            _lastFailure = new PriceFailure("Looking prices up failed. The log says why.", time.GetUtcNow());
            Log.Defect(logger, exception);
        }
    }

    /// <summary>Until the next look-up: sooner when the prices in force expire soon, so that one failure is not a gap.</summary>
    private TimeSpan Pause()
    {
        var half = Prices.Current.ExpiresAt is { } expiresAt ? (expiresAt - time.GetUtcNow()) / 2 : settings.Refresh;
        var pause = half > ShortestPause ? half : ShortestPause;
        return pause < settings.Refresh ? pause : settings.Refresh;
    }

    /// <summary>Puts the source's document in force, or the known one when the source says that it has not changed.</summary>
    private async Task FetchAsync(PriceBook? known, CancellationToken cancellationToken)
    {
        if (await source.FetchAsync(_tag, cancellationToken) is { } fetched)
        {
            Accept(fetched);
        }
        else if (known is not null)
        {
            PutInForce(known);
        }
    }

    private void Accept(FetchedDocument fetched)
    {
        var document = PriceDocument.Read(fetched.Text);
        var book = verifier.Verify(document, source.Name);
        if (book.GeneratedAt < _floor)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.RollBack,
                $"The price document was generated at {book.GeneratedAt:u}, before one that was accepted already ({_floor:u}). "
                + $"Publish a newer document; if the older prices are meant, sign them again with a new date. {kept.Path} holds the one that was accepted.");
        }

        Keep(fetched);
        _floor = book.GeneratedAt;
        _tag = fetched.Tag;
        PutInForce(book);
    }

    private void PutInForce(PriceBook book)
    {
        Prices.Swap(book);
        Log.Accepted(logger, source.Name, book.GeneratedAt, book.ExpiresAt);
    }

    private void Keep(FetchedDocument fetched)
    {
        try
        {
            kept.Write(new KeptDocument { Source = source.Name, Tag = fetched.Tag, Document = Encoding.UTF8.GetString(fetched.Text.Span) });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The prices are good all the same; only the next start has to do without them.
            Log.NotKept(logger, exception, kept.Path);
        }
    }

    /// <summary>What the last run left: the date below which documents are refused, and prices to start with if need be.</summary>
    private (PriceBook? Book, string? WhyNot) ReadKept()
    {
        try
        {
            return kept.Read() is { } found ? Judge(found) : (null, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or PriceDocumentException)
        {
            Log.KeptIgnored(logger, kept.Path, exception.Message);
            return (null, $"Those kept in {kept.Path} were ignored: {exception.Message}");
        }
    }

    /// <exception cref="PriceDocumentException">The document is not genuine, or cannot be read.</exception>
    private (PriceBook? Book, string? WhyNot) Judge(KeptDocument found)
    {
        var document = PriceDocument.Read(found.Text);
        verifier.Authenticate(document);
        var book = verifier.Read(document, found.Source);

        // The date counts even where the prices do not: an expired document still shows what its publisher had published.
        _floor = book.GeneratedAt;
        if (found.Source != source.Name)
        {
            return (null, $"Those kept in {kept.Path} are from {found.Source}.");
        }

        try
        {
            verifier.Verify(document, found.Source);
        }
        catch (PriceDocumentException exception)
        {
            return (null, $"Those kept in {kept.Path} cannot be used either: {exception.Message}");
        }

        _tag = found.Tag;
        return (book, null);
    }
}
