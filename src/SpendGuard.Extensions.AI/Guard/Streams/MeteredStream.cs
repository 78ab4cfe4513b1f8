using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>
/// The provider's stream of one reserved call: passes updates on, and ends the call whatever becomes of its consumer. A call that is cut ends at
/// once, whether its consumer waits for an update or not.
/// </summary>
internal sealed class MeteredStream<TUpdate> : IAsyncDisposable
    where TUpdate : class
{
    private readonly CallAttempts _attempts;
    private readonly ModelCall _call;
    private readonly CallGuard _guard;
    private readonly ProviderStream<TUpdate> _updates;
    private readonly SaidSoFar<TUpdate> _streamed;
    private readonly CancellationToken _consumer;

    // The consumer's, and the cut: a stream that listens to no token is not waited for.
    private readonly CancellationTokenSource _patience;

    // Whoever moves the stream or ends it, one at a time. No wait handle is asked of it, so there is nothing to free.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenRegistration _onCut;
    private Task _cutting = Task.CompletedTask;
    private Settlement? _cut;
    private bool _hasStarted;
    private bool _ended;

    public MeteredStream(
        Func<CancellationToken, IAsyncEnumerable<TUpdate>> open,
        IStreamedCall<TUpdate> streamed,
        CallAttempts attempts,
        ModelCall call,
        CallGuard guard,
        CancellationToken consumer)
    {
        _updates = new ProviderStream<TUpdate>(open, attempts);
        _attempts = attempts;
        _call = call;
        _guard = guard;
        _consumer = consumer;
        _streamed = new SaidSoFar<TUpdate>(streamed);
        attempts.Follow(() => _streamed.BreakOff("the call was given up"));
        _patience = CancellationTokenSource.CreateLinkedTokenSource(consumer, attempts.Call.CutByPause);
        _onCut = attempts.Call.CutByPause.UnsafeRegister(
            static stream => ((MeteredStream<TUpdate>)stream!)._cutting = ((MeteredStream<TUpdate>)stream).CutIdleAsync(), this);
    }

    /// <summary>The last update; null before the first.</summary>
    public TUpdate? Last { get; private set; }

    /// <summary>How the call ended; there once the stream has.</summary>
    public Settlement Settlement { get; private set; } = null!;

    /// <summary>Before the first update, time-outs are the client's: nobody can tell here how long a model thinks.</summary>
    private TimeSpan Patience => _hasStarted ? _guard.IdleTimeout : Timeout.InfiniteTimeSpan;

    private bool IsCut => _attempts.Call.PausedBy is not null;

    /// <summary>Waits for the next update. Settles the call before it says that there is none.</summary>
    /// <exception cref="NodePausedException">The call was cut.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return await MoveInTurnAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the stream, or leaves it to the engine to be drained when it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _onCut.DisposeAsync();
        await _cutting;
        _patience.Dispose();
        if (!_ended)
        {
            _ended = true;
            _attempts.EndInBackground(DrainAsync, _guard.DrainTime);
        }
        else
        {
            await _updates.DisposeAsync();
        }
    }

    private async ValueTask<bool> MoveInTurnAsync()
    {
        if (IsCut && !_ended)
        {
            await EndCutAsync();
        }

        ThrowIfCut();
        try
        {
            if (!await _updates.StepAsync().WaitAsync(Patience, _guard.Time, _patience.Token))
            {
                _ended = true;
                Settlement = await _guard.EndAsync(_attempts, _streamed.End());
                return false;
            }
        }
        catch (Exception exception) when (!_ended && _updates.HasFailed)
        {
            _ended = true;
            await EndFailedAsync(exception);
            throw;
        }
        catch (OperationCanceledException) when (!_ended && IsCut)
        {
            await EndCutAsync();
            ThrowIfCut();
        }
        catch (OperationCanceledException) when (_consumer.IsCancellationRequested)
        {
            throw new OperationCanceledException(_consumer);
        }
        catch (TimeoutException silence) when (!_ended && _updates.IsMoving)
        {
            _ended = true;
            await EndSilentAsync();
            throw new TimeoutException(
                $"The provider's stream has brought nothing for {_guard.IdleTimeout.TotalSeconds:0.###} s, and was given up. The call is charged by what "
                + "is known of it, else in full. A model that thinks for longer needs a longer IdleTimeout in UseSpendGuard's configure.",
                silence);
        }

        Last = _updates.Take();
        Observe(Last);
        return true;
    }

    private async Task DrainAsync(CancellationToken timeUp)
    {
        try
        {
            if (await ReadToEndAsync(timeUp) is { } exception)
            {
                await _updates.CancelAsync();
                await EndFailedAsync(exception);
            }
            else
            {
                await _guard.EndAsync(_attempts, _streamed.End());
            }
        }
        finally
        {
            await _updates.DisposeAsync();
        }
    }

    /// <summary>Reads what is left for nobody but the account. A stream that does not listen to its token is not waited for when the time is up.</summary>
    /// <returns>What broke the stream; null when it came to its end.</returns>
    private async Task<Exception?> ReadToEndAsync(CancellationToken timeUp)
    {
        try
        {
            while (await _updates.StepAsync().WaitAsync(timeUp))
            {
                Observe(_updates.Take());
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
            CallGuard.ThrowIfCut(_attempts, await _guard.EndAsync(_attempts, _streamed.BreakOff($"the stream broke with {exception.GetType().Name}")));
        }
        else
        {
            await _guard.EndFailedAsync(_attempts, _call, exception);
        }
    }

    private async ValueTask EndSilentAsync()
    {
        await _updates.CancelAsync();
        await _guard.EndAsync(_attempts, _streamed.BreakOff($"the stream brought nothing for {_guard.IdleTimeout}"));
    }

    /// <summary>A stream that was never opened has cost nothing; of one that brought nothing yet it is unknown.</summary>
    private async ValueTask EndCutAsync()
    {
        _ended = true;
        await _updates.CancelAsync();
        var said = _updates.WasOpened ? _streamed.BreakOff("the call was cut by a pause") : ProviderReport.NotBilled;
        _cut = _hasStarted ? await _guard.EndAsync(_attempts, said) : await _attempts.EndAsync(said);
    }

    private void ThrowIfCut()
    {
        if (_cut is { } settlement)
        {
            CallGuard.ThrowIfCut(_attempts, settlement);
        }
    }

    /// <summary>Ends a stream whose consumer does something else at the moment; it is told at its next move.</summary>
    private async Task CutIdleAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!_ended)
            {
                await EndCutAsync();
                await _updates.DisposeAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
