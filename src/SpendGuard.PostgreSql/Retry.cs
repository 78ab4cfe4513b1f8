using Microsoft.Extensions.Logging;

namespace SpendGuard.PostgreSql;

/// <summary>Tries again what failed for the moment, for as long as a caller waits.</summary>
internal static class Retry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs something until it works, fails for good, or the time is up; then what it last failed with is thrown.</summary>
    public static async Task<T> WithinAsync<T>(
        TimeSpan time, TimeProvider clock, Func<CancellationToken, Task<T>> run, ILogger logger, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(time, clock);
        using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        for (var tries = 1; ; tries++)
        {
            Exception failure;
            try
            {
                return await run(timeUp.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (PostgresFaults.IsTransient(exception))
            {
                failure = exception;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"There was no answer within {time.TotalSeconds:0.###} s.", exception);
            }

            Log.TriedAgain(logger, failure, tries);
            try
            {
                await Task.Delay(Pause(tries), clock, timeUp.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"It failed {tries} times within {time.TotalSeconds:0.###} s, last so: {failure.Message}", failure);
            }
        }
    }

    // Twice as long each time, and by chance, so that those who ran into one another do not do so again.
    private static TimeSpan Pause(int tries) =>
        Random.Shared.NextDouble() * TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 5 * Math.Pow(2, tries)));
}
