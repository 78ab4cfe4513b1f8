namespace SpendGuard.Calls;

/// <summary>Counts the commits under way, so that the store is not closed below them.</summary>
internal sealed class StoreUse
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _closed;

    /// <summary>Begins one more, until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The engine has been disposed.</exception>
    public Lease Enter()
    {
        ObjectDisposedException.ThrowIf(!TryEnter(), typeof(SpendGuardEngine));
        return new Lease(this);
    }

    /// <summary>Whether one more may begin; then <see cref="Leave"/> has to be called.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _count += _closed ? 0 : 1;
            return !_closed;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0 && _closed)
            {
                _left.TrySetResult();
            }
        }
    }

    /// <summary>Lets no more in, and waits for those that are under way.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_count == 0)
            {
                _left.TrySetResult();
            }
        }

        return _left.Task;
    }

    /// <summary>One that is under way.</summary>
    public readonly struct Lease(StoreUse use) : IDisposable
    {
        public void Dispose() => use.Leave();
    }
}
