namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// How long the provider's answer is read: as long as the client is there, and after that for the drain time, if not too many others
/// are being drained.
/// </summary>
internal sealed class UpstreamLifetime : IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly DrainLimit _drains;
    private int _draining;

    public UpstreamLifetime(HttpContext context, DrainLimit drains, TimeSpan drainTime)
    {
        _context = context;
        _client = context.RequestAborted;
        _drains = drains;
        _clientGone = _client.Register(() => DrainFor(drainTime));

        // The forwarder ends the call with the client; this makes it go on.
        context.RequestAborted = _source.Token;
    }

    /// <summary>Cancelled when the answer is no longer read.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _clientGone.Dispose();
        _context.RequestAborted = _client;
        if (_draining == 1)
        {
            _drains.Leave();
        }

        _source.Dispose();
    }

    private void DrainFor(TimeSpan time)
    {
        if (_drains.TryEnter())
        {
            _draining = 1;
            _source.CancelAfter(time);
        }
        else
        {
            _source.Cancel();
        }
    }
}
