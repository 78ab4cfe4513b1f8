using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>The provider's stream of one reserved call: passes updates on, and ends the call whatever becomes of its consumer.</summary>
internal sealed class MeteredStream<TUpdate> : IAsyncDisposable
    where TUpdate : class
{
    private readonly ReservedCall _reserved;
    private readonly CallGuard _guard;
    private readonly IStreamedCall<TUpdate> _streamed;

    // Not the consumer's token: when the consumer goes, the provider goes on and bills, and the rest of the stream tells how much.
    private readonly CancellationTokenSource _upstream = new();
    private readonly IAsyncEnumerator<TUpdate> _updates;
    private Task<bool>? _pending;
    private bool _hasStarted;
    private bool _ended;

    public MeteredStream(
        Func<CancellationToken, IAsyncEnumerable<TUpdate>> open, IStreamedCall<TUpdate> streamed, ReservedCall reserved, CallGuard guard)
    {
        _reserved = reserved;
        _guard = guard;
        _streamed = streamed;
        _updates = open(_upstream.Token).GetAsyncEnumerator(_upstream.Token);
    }

    /// <summary>The last update; null before the first.</summary>
    public TUpdate? Last { get; private set; }

    /// <summary>How the call ended; there once the stream has.</summary>
    public Settlement Settlement { get; private set; } = null!;

    /// <summary>Waits for the next update. Settles the call before it says that there is none.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        _pending = _updates.MoveNextAsync().AsTask();
        try
        {
            if (!await _pending.WaitAsync(cancellationToken))
            {
                _ended = true;
                Settlement = await _reserved.EndAsync(_streamed.End());
                return false;
            }
        }
        catch (Exception exception) when (!_ended && (_pending.IsFaulted || _pending.IsCanceled))
        {
            _ended = true;
            await EndFailedAsync(exception);
            throw;
        }

        _pending = null;
        Last = _updates.Current;
        Observe(Last);
        return true;
    }

    /// <summary>Closes the stream, or leaves it to the engine to be drained when it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            await CloseAsync();
            return;
        }

        _ended = true;
        _reserved.EndInBackground(DrainAsync, _guard.DrainTime);
    }

    private async Task DrainAsync(CancellationToken timeUp)
    {
        await using var cancel = timeUp.Register(_upstream.Cancel);
        try
        {
            if (await ReadToEndAsync() is { } exception)
            {
                await EndFailedAsync(exception);
            }
            else
            {
                await _reserved.EndAsync(_streamed.End());
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Reads what is left for nobody but the account.</summary>
    /// <returns>What broke the stream; null when it came to its end.</returns>
    private async Task<Exception?> ReadToEndAsync()
    {
        try
        {
            while (await (_pending ?? _updates.MoveNextAsync().AsTask()))
            {
                _pending = null;
                Observe(_updates.Current);
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Observe(TUpdate update)
    {
        _hasStarted = true;
        _streamed.Observe(update);
    }

    /// <summary>A stream that has brought something has been billed for something.</summary>
    private async ValueTask EndFailedAsync(Exception exception)
    {
        if (_hasStarted)
        {
            await _reserved.EndAsync(_streamed.BreakOff($"the stream broke with {exception.GetType().Name}"));
        }
        else
        {
            await _guard.EndFailedAsync(_reserved, exception);
        }
    }

    private async ValueTask CloseAsync()
    {
        await _updates.DisposeAsync();
        _upstream.Dispose();
    }
}
