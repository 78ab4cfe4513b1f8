namespace SpendGuard.Tests.Calls;

/// <summary>A clock that knows who waits by it, so that a test goes on only once all who were woken wait again.</summary>
internal sealed class WaitingClock : SetClock
{
    /// <summary>Longer waits are those for an end, and not for the next look.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _begun = new(0);
    private int _woken;

    /// <summary>Waits until so many more wait.</summary>
    public async Task WhenWaitingAsync(int count)
    {
        for (var one = 0; one < count; one++)
        {
            Assert.True(await _begun.WaitAsync(TimeSpan.FromMinutes(1)), $"{one} of {count} wait.");
        }
    }

    /// <summary>Goes on, and waits until all who were woken wait again.</summary>
    public async Task GoOnAsync(TimeSpan time)
    {
        for (var gone = TimeSpan.Zero; gone < time; gone += TimeSpan.FromMilliseconds(50))
        {
            Advance(TimeSpan.FromMilliseconds(50));
            await WhenWaitingAsync(Interlocked.Exchange(ref _woken, 0));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > Long || period != Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var timer = base.CreateTimer(
            its =>
            {
                Interlocked.Increment(ref _woken);
                callback(its);
            },
            state,
            dueTime,
            period);
        _begun.Release();
        return timer;
    }
}
