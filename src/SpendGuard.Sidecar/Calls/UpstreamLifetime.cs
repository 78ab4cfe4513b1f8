namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// How long the provider's answer is read: as long as the client is there, and after that for the drain time, if not too many others
/// are being drained; and no longer than until the call is cut.
/// </summary>
internal sealed class UpstreamLifetime : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _clientGone;
    private readonly DrainLimit _drains;
    private int _draining;

    /// <param name="drains">How many answers may be drained at once.</param>
    /// <param name="drainTime">The drain time.</param>
    /// <param name="client">Cancelled when the client goes.</param>
    /// <param name="cut">Cancelled when the call is cut; never for what a pause does not cut, such as a batch.</param>
    public UpstreamLifetime(DrainLimit drains, TimeSpan drainTime, CancellationToken client, CancellationToken cut = default)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cut);
        _drains = drains;
        _clientGone = client.Register(() => DrainFor(drainTime));
    }

    /// <summary>Cancelled when the answer is no longer read.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _clientGone.Dispose();
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
