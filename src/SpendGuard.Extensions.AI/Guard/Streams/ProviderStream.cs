namespace SpendGuard.Extensions.AI;

/// <summary>The provider's stream of one reserved call: opened with its first step, given up by a token of its own, closed once.</summary>
internal sealed class ProviderStream<TUpdate>(Func<CancellationToken, IAsyncEnumerable<TUpdate>> open, CallAttempts attempts) : IAsyncDisposable
    where TUpdate : class
{
    // Not the consumer's token: when the consumer goes, the provider goes on and bills, and the rest of the stream tells how much.
    private readonly CancellationTokenSource _upstream = new();
    private IAsyncEnumerator<TUpdate>? _updates;
    private Task<bool>? _step;
    private bool _closed;

    /// <summary>Whether it was opened, so that something may have been sent.</summary>
    public bool WasOpened => _updates is not null;

    /// <summary>Whether the step that was asked for has failed.</summary>
    public bool HasFailed => _step is { IsFaulted: true } or { IsCanceled: true };

    /// <summary>Whether the step that was asked for is under way.</summary>
    public bool IsMoving => _step is { IsCompleted: false };

    /// <summary>Asks for the next update, unless one was asked for that nobody has taken yet.</summary>
    public Task<bool> StepAsync() => _step ??= MoveAsync();

    /// <summary>Takes the update that the step has brought.</summary>
    public TUpdate Take()
    {
        _step = null;
        return _updates!.Current;
    }

    /// <summary>Gives it up.</summary>
    public Task CancelAsync() => _upstream.CancelAsync();

    /// <summary>Closes it, now or once it has noticed that it was given up.</summary>
    public ValueTask DisposeAsync()
    {
        if (IsMoving)
        {
            // It cannot be closed before it has noticed that it was given up.
            _ = _step!.ContinueWith(_ => CloseNowAsync().AsTask(), TaskScheduler.Default);
            return ValueTask.CompletedTask;
        }

        return CloseNowAsync();
    }

    /// <summary>In the flow of the call's attempts.</summary>
    private async Task<bool> MoveAsync()
    {
        using (attempts.Enter())
        {
            _updates ??= open(_upstream.Token).GetAsyncEnumerator(_upstream.Token);
            return await _updates.MoveNextAsync();
        }
    }

    private async ValueTask CloseNowAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
        }

        _upstream.Dispose();
    }
}
