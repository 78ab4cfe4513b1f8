using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>The provider's stream of one reserved call: passes updates on, and ends the call whatever becomes of its consumer.</summary>
internal sealed class MeteredStream<TUpdate> : IAsyncDisposable
    where TUpdate : class
{
    private readonly CallAttempts _attempts;
    private readonly ModelCall _call;
    private readonly CallGuard _guard;
    private readonly SaidSoFar<TUpdate> _streamed;

    // Not the consumer's token: when the consumer goes, the provider goes on and bills, and the rest of the stream tells how much.
    private readonly CancellationTokenSource _upstream = new();
    private readonly Func<CancellationToken, IAsyncEnumerable<TUpdate>> _open;
    private IAsyncEnumerator<TUpdate>? _updates;
    private Task<bool>? _pending;
    private bool _hasStarted;
    private bool _ended;

    public MeteredStream(
        Func<CancellationToken, IAsyncEnumerable<TUpdate>> open, IStreamedCall<TUpdate> streamed, CallAttempts attempts, ModelCall call, CallGuard guard)
    {
        _open = open;
        _attempts = attempts;
        _call = call;
        _guard = guard;
        _streamed = new SaidSoFar<TUpdate>(streamed);
        attempts.Follow(() => _streamed.BreakOff("the call was given up"));
    }

    /// <summary>The last update; null before the first.</summary>
    public TUpdate? Last { get; private set; }

    /// <summary>How the call ended; there once the stream has.</summary>
    public Settlement Settlement { get; private set; } = null!;

    /// <summary>Before the first update, time-outs are the client's: nobody can tell here how long a model thinks.</summary>
    private TimeSpan Patience => _hasStarted ? _guard.IdleTimeout : Timeout.InfiniteTimeSpan;

    /// <summary>Waits for the next update. Settles the call before it says that there is none.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        _pending = StepAsync();
        try
        {
            if (!await _pending.WaitAsync(Patience, _guard.Time, cancellationToken))
            {
                _ended = true;
                Settlement = await _guard.EndAsync(_attempts, _streamed.End());
                return false;
            }
        }
        catch (Exception exception) when (!_ended && (_pending.IsFaulted || _pending.IsCanceled))
        {
            _ended = true;
            await EndFailedAsync(exception);
            throw;
        }
        catch (TimeoutException silence) when (!_ended && !_pending.IsCompleted)
        {
            _ended = true;
            await EndSilentAsync();
            throw new TimeoutException(
                $"The provider's stream has brought nothing for {_guard.IdleTimeout.TotalSeconds:0.###} s, and was given up. The call is charged by what "
                + "is known of it, else in full. A model that thinks for longer needs a longer IdleTimeout in UseSpendGuard's configure.",
                silence);
        }

        _pending = null;
        Last = _updates!.Current;
        Observe(Last);
        return true;
    }

    /// <summary>Closes the stream, or leaves it to the engine to be drained when it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            _attempts.EndInBackground(DrainAsync, _guard.DrainTime);
        }
        else
        {
            await CloseAsync();
        }
    }

    /// <summary>Asks for the next update, in the flow of the call's attempts.</summary>
    private async Task<bool> StepAsync()
    {
        using (_attempts.Enter())
        {
            _updates ??= _open(_upstream.Token).GetAsyncEnumerator(_upstream.Token);
            return await _updates.MoveNextAsync();
        }
    }

    private async Task DrainAsync(CancellationToken timeUp)
    {
        await using var cancel = timeUp.Register(_upstream.Cancel);
        try
        {
            if (await ReadToEndAsync(timeUp) is { } exception)
            {
                await EndFailedAsync(exception);
            }
            else
            {
                await _guard.EndAsync(_attempts, _streamed.End());
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Reads what is left for nobody but the account. A stream that does not listen to its token is not waited for when the time is up.</summary>
    /// <returns>What broke the stream; null when it came to its end.</returns>
    private async Task<Exception?> ReadToEndAsync(CancellationToken timeUp)
    {
        try
        {
            while (await (_pending ??= StepAsync()).WaitAsync(timeUp))
            {
                _pending = null;
                Observe(_updates!.Current);
                timeUp.ThrowIfCancellationRequested();
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
            await _guard.EndAsync(_attempts, _streamed.BreakOff($"the stream broke with {exception.GetType().Name}"));
        }
        else
        {
            await _guard.EndFailedAsync(_attempts, _call, exception);
        }
    }

    private async ValueTask EndSilentAsync()
    {
        await _upstream.CancelAsync();
        await _guard.EndAsync(_attempts, _streamed.BreakOff($"the stream brought nothing for {_guard.IdleTimeout}"));
    }

    private ValueTask CloseAsync()
    {
        if (_pending is { IsCompleted: false } silent)
        {
            // It cannot be closed before it has noticed that it was given up.
            _ = silent.ContinueWith(_ => CloseNowAsync().AsTask(), TaskScheduler.Default);
            return ValueTask.CompletedTask;
        }

        return CloseNowAsync();
    }

    private async ValueTask CloseNowAsync()
    {
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
        }

        _upstream.Dispose();
    }
}
