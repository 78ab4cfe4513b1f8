using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.SignedPrices;

/// <summary>Takes what is in force from a source of signed documents: strict at start, patient after.</summary>
/// <typeparam name="TContent">What the documents say.</typeparam>
/// <remarks>
/// Thread-safe. Calls never wait for it. A document that is refused changes nothing, so that the last good one stays in force until it
/// expires; then whoever goes by it refuses.
/// </remarks>
[Experimental("SPENDGUARD002")]
public sealed class SignedDocumentFeed<TContent> : IAsyncDisposable, IDisposable
    where TContent : class
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);

    private readonly ISignedContent<TContent> _kind;
    private readonly Action<SignedContent<TContent>> _putInForce;
    private readonly SignedPriceOptions _options;
    private readonly IDocumentSource _source;
    private readonly DocumentGate<TContent> _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();
    private volatile DocumentFailure? _lastFailure;
    private volatile Task? _keeping;
    private SignedContent<TContent>? _inForce;
    private string? _tag;
    private int _disposed;

    /// <summary>Makes a feed that has fetched nothing yet.</summary>
    /// <param name="kind">How content is read.</param>
    /// <param name="putInForce">Puts content in force, at once for whoever asks next.</param>
    /// <param name="options">Where documents come from, and what is asked of them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it is told what came and what did not.</param>
    public SignedDocumentFeed(
        ISignedContent<TContent> kind, Action<SignedContent<TContent>> putInForce, SignedPriceOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(putInForce);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _kind = kind;
        _putInForce = putInForce;
        _options = options;
        _time = time;
        _logger = logger;
        _source = DocumentSources.Open(options, time);
        _gate = new DocumentGate<TContent>(kind, options, _source.Name, time, logger);
    }

    /// <summary>Where documents come from, for people to read; holds no secret.</summary>
    public string Source => _source.Name;

    /// <summary>What went wrong the last time that it was looked for a document; null when nothing did.</summary>
    public DocumentFailure? LastFailure => _lastFailure;

    /// <summary>Puts the first document in force and keeps it current from then on. Does nothing when that is done already.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">There is no document that may be used: what the kind of content says that a start ends with.</exception>
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

    /// <summary>Looks for a document once, ahead of the time at which that is done anyway.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FetchAsync(known: null, cancellationToken).ConfigureAwait(false);
            _lastFailure = null;
        }
        catch (DocumentFetchException exception)
        {
            Failed(exception.Message);
            Log.Failed(_logger, _options.Names.Content, _source.Name, exception.Message, _inForce?.ExpiresAt);
        }
        catch (SignedDocumentException exception)
        {
            Failed(exception.Message);
            Log.Refused(_logger, _options.Names.Content, _source.Name, exception.Message, _inForce?.ExpiresAt);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Whatever it is, a later attempt may do better; giving up would stop all calls in the end.
            Failed($"Looking {_options.Names.Content} up failed. The log says why.");
            Log.Defect(_logger, exception, _options.Names.Content);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops looking for documents. What is in force stays until it expires.</summary>
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

    /// <summary>Sees to it that there is something in force, for whoever cannot wait otherwise: where no host has done it, it is done here.</summary>
    /// <exception cref="Exception">There is no document that may be used, as for <see cref="LoadAsync"/>.</exception>
    internal void EnsureLoaded()
    {
        if (_keeping is null)
        {
            // On another thread, so that nothing it awaits needs the one that is blocked here.
            Task.Run(() => LoadAsync()).GetAwaiter().GetResult();
        }
    }

    private async Task LoadFirstAsync(CancellationToken cancellationToken)
    {
        if (!_options.VerifySignature)
        {
            Log.NotVerified(_logger, _options.Names.VerifySignature, _options.Names.Content, _source.Name);
        }

        var kept = _gate.ReadKept();
        _tag = kept.Tag;
        try
        {
            await FetchAsync(kept.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DocumentFetchException or SignedDocumentException)
        {
            StartWith(kept, exception);
        }
    }

    /// <summary>Starts with what was kept, because the source failed.</summary>
    private void StartWith(KeptContent<TContent> kept, Exception why)
    {
        var host = _options.Names.Host;
        if (kept.Content is { } content)
        {
            _inForce = content;
            _putInForce(content);

            // A server that is down is a nuisance; one that sends what must not be used is a reason to look.
            var level = why is SignedDocumentException ? LogLevel.Error : LogLevel.Warning;
            Log.StartedWithKept(
                _logger, level, _options.Names.Content, _source.Name, why.Message, host, _options.KeptPath, content.GeneratedAt, content.ExpiresAt);
        }
        else if (_options.Strict)
        {
            // A document that must not be used is to be looked into, and not to be got around.
            var instead = why is DocumentFetchException ? _options.Names.Alternative : null;
            throw _kind.Unavailable(
                $"The {host} did not start: it got no {_options.Names.Content} from {_source.Name}. {why.Message}{Also(kept.WhyNot)}{Also(instead)}", _source.Name, why);
        }
        else
        {
            Log.StartedWithNone(_logger, _options.Names.Content, _source.Name, why.Message, host);
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

    /// <summary>Until the next look-up: sooner when what is in force expires soon, so that one failure is not a gap.</summary>
    private TimeSpan Pause()
    {
        var half = _inForce?.ExpiresAt is { } expiresAt ? (expiresAt - _time.GetUtcNow()) / 2 : _options.RefreshEvery;
        var pause = half > ShortestPause ? half : ShortestPause;
        return pause < _options.RefreshEvery ? pause : _options.RefreshEvery;
    }

    /// <summary>Puts the source's document in force, or the known one when the source says that it has not changed.</summary>
    private async Task FetchAsync(SignedContent<TContent>? known, CancellationToken cancellationToken)
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

    private void PutInForce(SignedContent<TContent> content)
    {
        _inForce = content;
        _putInForce(content);
        Log.Accepted(_logger, _options.Names.Content, _source.Name, content.GeneratedAt, content.ExpiresAt);
    }

    private static string Also(string? sentence) => sentence is null ? "" : $" {sentence}";

    private void Failed(string sentence) => _lastFailure = new DocumentFailure(sentence, _time.GetUtcNow());
}
