using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls;

/// <summary>The ends of calls that the store could not commit. They are tried again until it has; committing one twice changes nothing.</summary>
internal sealed class Intents(IBudgetStore store, ILogger logger)
{
    private readonly ConcurrentQueue<ReservationCommand> _waiting = new();

    public void Add(ReservationCommand command) => _waiting.Enqueue(command);

    public async ValueTask CommitAgainAsync()
    {
        for (var left = _waiting.Count; left > 0 && _waiting.TryDequeue(out var command); left--)
        {
            try
            {
                await store.ApplyAsync(command, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotCommitted(logger, exception, command.Id);
                _waiting.Enqueue(command);
            }
            catch (Exception exception)
            {
                // What the store rejects for good, it would reject again; the hold is forfeited when it expires.
                Log.NotCommitted(logger, exception, command.Id);
            }
        }
    }
}
