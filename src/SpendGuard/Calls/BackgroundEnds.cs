using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;

namespace SpendGuard.Calls;

/// <summary>Ends calls whose callers have gone, such as in the middle of a stream; what does not end within its time, or is cut, ends by what has been said till then.</summary>
/// <param name="most">How many may be waited for at once.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are reported.</param>
[SuppressMessage("Design", "CA2213", Justification = "A call may be left to it after it was disposed, and needs the token; there is no timer to free.")]
internal sealed class BackgroundEnds(int most, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long disposing waits for calls before it gives them up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ReservationId, Task> _ending = new();
    private readonly CancellationTokenSource _stopped = new();

    public void Add(IOpenCall call, Func<CancellationToken, Task> end, TimeSpan within)
    {
        var id = call.Reservation.Id;
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_ending.Count >= most || !_ending.TryAdd(id, ending.Task))
        {
            // It is still run, so that it closes what it has open.
            within = TimeSpan.Zero;
        }

        // Its time runs from now on, not from when a thread is free for it.
        var timeUp = new CancellationTokenSource(within, time);
        _ = Task.Run(async () =>
        {
            using (timeUp)
            {
                await EndWithinAsync(call, end, timeUp.Token).ConfigureAwait(false);
            }

            _ending.TryRemove(id, out _);
            ending.SetResult();
        });
    }

    /// <summary>Waits for those that are under way, and gives up those that take longer. Later ones have no time at all.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAny(Task.WhenAll(_ending.Values), Task.Delay(Grace, time)).ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_ending.Values).ConfigureAwait(false);
    }

    private async Task EndWithinAsync(IOpenCall call, Func<CancellationToken, Task> end, CancellationToken timeUp)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp, _stopped.Token, call.Cut?.Token ?? CancellationToken.None);
        try
        {
            await end(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever went wrong, the call is accounted for below.
            Log.BackgroundFailed(logger, exception, call.Reservation.Id);
        }

        await call.GiveUpAsync().ConfigureAwait(false);
    }
}
