using SpendGuard.Budgets;

namespace SpendGuard.Examples.NewsDesk;

/// <summary>Follows the ledger and shows each call as it ends: whoever has an answer finds its cost there.</summary>
internal sealed class LedgerView : IAsyncDisposable
{
    private readonly SpendGuardEngine _guard;
    private readonly Screen _screen;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private long _seen;

    private LedgerView(SpendGuardEngine guard, Screen screen)
    {
        _guard = guard;
        _screen = screen;
        _following = FollowAsync();
    }

    public static LedgerView Follow(SpendGuardEngine guard, Screen screen) => new(guard, screen);

    public async Task CatchUpAsync()
    {
        await _reading.WaitAsync();
        try
        {
            await foreach (var entry in _guard.ReadLedgerAsync("news-desk", _seen))
            {
                _seen = entry.Sequence;
                if (entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Forfeited)
                {
                    _screen.Show(entry);
                }
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
        _reading.Dispose();
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await CatchUpAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The show is over.
        }
    }
}
