using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.SignedPrices;

/// <summary>Takes prices from a source of signed documents: strict at start, patient after.</summary>
/// <remarks>
/// Thread-safe. Calls never wait for it; they read the book in force. A document that is refused changes nothing, so that the last good
/// one stays in force until it expires; then the engine refuses calls.
/// </remarks>
[Experimental("SPENDGUARD002")]
public sealed class SignedPriceFeed : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);

    private readonly SignedPriceOptions _options;
    private readonly IPriceSource _source;
    private readonly PriceGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();
    private volatile PriceFailure? _lastFailure;
    private volatile Task? _keeping;
    private string? _tag;
    private int _disposed;

    internal SignedPriceFeed(SignedPriceOptions options, TimeProvider time, ILogger<SignedPriceFeed> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _source = PriceSources.Open(options, time);
        _gate = new PriceGate(options, _source.Name, time, logger);
        Prices = new Prices(new PriceBook($"{_source.Name}, which has given none yet,", DateTimeOffset.MinValue, [], DateTimeOffset.MinValue));
    }

    /// <summary>The prices in force. Before <see cref="LoadAsync"/> they have expired, so that no call is made.</summary>
    public Prices Prices { get; }

    /// <summary>What went wrong the last time that prices were looked up; null when nothing did.</summary>
    public PriceFailure? LastFailure => _lastFailure;

    /// <summary>Puts the first prices in force and keeps them current from then on. Does nothing when that is done already.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_keeping is null)
            {
                await LoadFirstAsync(cancellationToken).ConfigureAwait(false);
                _keeping = KeepCurrentAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Looks prices up once, ahead of the time at which that is done anyway.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FetchAsync(known: null, cancellationToken).ConfigureAwait(false);
            _lastFailure = null;
        }
        catch (PriceFetchException exception)
        {
            Failed(exception.Message);
            Log.Failed(_logger, _source.Name, exception.Message, Prices.Current.ExpiresAt);
        }
        catch (PriceDocumentException exception)
        {
            Failed(exception.Message);
            Log.Refused(_logger, _source.Name, exception.Message, Prices.Current.ExpiresAt);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Whatever it is, a later attempt may do better; giving up would stop all calls in the end.
            Failed("Looking prices up failed. The log says why.");
            Log.Defect(_logger, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops looking prices up. Those in force stay until they expire.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        if (_keeping is { } keeping)
        {
            await keeping.ConfigureAwait(false);
        }

        (_source as IDisposable)?.Dispose();
        _stopped.Dispose();
        _turn.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The prices in force, for whoever cannot wait otherwise: where no host has loaded them, it is done here.</summary>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    internal Prices Loaded()
    {
        if (_keeping is null)
        {
            // On another thread, so that nothing it awaits needs the one that is blocked here.
            Task.Run(() => LoadAsync()).GetAwaiter().GetResult();
        }

        return Prices;
    }

    private async Task LoadFirstAsync(CancellationToken cancellationToken)
    {
        if (!_options.VerifySignature)
        {
            Log.NotVerified(_logger, _options.Names.VerifySignature, _source.Name);
        }

        var kept = _gate.ReadKept();
        _tag = kept.Tag;
        try
        {
            await FetchAsync(kept.Book, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PriceFetchException or PriceDocumentException)
        {
            StartWith(kept, exception);
        }
    }

    /// <summary>Starts with what was kept, because the source failed.</summary>
    private void StartWith(KeptBook kept, Exception why)
    {
        var host = _options.Names.Host;
        if (kept.Book is { } book)
        {
            Prices.Swap(book);

            // A server that is down is a nuisance; one that sends what must not be used is a reason to look.
            var level = why is PriceDocumentException ? LogLevel.Error : LogLevel.Warning;
            Log.StartedWithKept(_logger, level, _source.Name, why.Message, host, _options.KeptPath, book.GeneratedAt, book.ExpiresAt);
        }
        else if (_options.Strict)
        {
            // A document that must not be used is to be looked into, and not to be got around.
            var instead = why is PriceFetchException ? _options.Names.Alternative : null;
            throw new PricesUnavailableException(host, _source.Name, why.Message, kept.WhyNot, instead, why);
        }
        else
        {
            Log.StartedWithNone(_logger, _source.Name, why.Message, host);
        }

        Failed(why.Message);
    }

    private async Task KeepCurrentAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause(), _time, _stopped.Token).ConfigureAwait(false);
                await RefreshAsync(_stopped.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The feed is being disposed.
        }
    }

    /// <summary>Until the next look-up: sooner when the prices in force expire soon, so that one failure is not a gap.</summary>
    private TimeSpan Pause()
    {
        var half = Prices.Current.ExpiresAt is { } expiresAt ? (expiresAt - _time.GetUtcNow()) / 2 : _options.RefreshEvery;
        var pause = half > ShortestPause ? half : ShortestPause;
        return pause < _options.RefreshEvery ? pause : _options.RefreshEvery;
    }

    /// <summary>Puts the source's document in force, or the known one when the source says that it has not changed.</summary>
    private async Task FetchAsync(PriceBook? known, CancellationToken cancellationToken)
    {
        if (await _source.FetchAsync(_tag, cancellationToken).ConfigureAwait(false) is { } fetched)
        {
            PutInForce(_gate.LetIn(fetched));
            _tag = fetched.Tag;
        }
        else if (known is not null)
        {
            PutInForce(known);
        }
    }

    private void PutInForce(PriceBook book)
    {
        Prices.Swap(book);
        Log.Accepted(_logger, _source.Name, book.GeneratedAt, book.ExpiresAt);
    }

    private void Failed(string sentence) => _lastFailure = new PriceFailure(sentence, _time.GetUtcNow());
}
