using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>The provider's stream of one reserved call: passes updates on, and ends the call whatever becomes of its consumer.</summary>
internal sealed class MeteredStream : IAsyncDisposable
{
    private readonly ReservedCall _reserved;
    private readonly SpendGuardChatClient _client;
    private readonly StreamedCall _streamed;

    // Not the consumer's token: when the consumer goes, the provider goes on and bills, and the rest of the stream tells how much.
    private readonly CancellationTokenSource _upstream = new();
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private Task<bool>? _pending;
    private bool _ended;

    public MeteredStream(
        Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> open,
        ModelCall call,
        ReservedCall reserved,
        SpendGuardChatClient client)
    {
        _reserved = reserved;
        _client = client;
        _streamed = new StreamedCall(call);
        _updates = open(_upstream.Token).GetAsyncEnumerator(_upstream.Token);
    }

    /// <summary>The last update; null before the first.</summary>
    public ChatResponseUpdate? Last { get; private set; }

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
                Settlement = await _streamed.Served().EndAsync(_reserved);
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
        _streamed.Observe(Last);
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
        _reserved.EndInBackground(DrainAsync, _client.DrainTime);
    }

    private async Task DrainAsync(CancellationToken timeUp)
    {
        await using var cancel = timeUp.Register(_upstream.Cancel);
        try
        {
            while (await (_pending ?? _updates.MoveNextAsync().AsTask()))
            {
                _pending = null;
                _streamed.Observe(_updates.Current);
            }

            await _streamed.Served().EndAsync(_reserved);
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>A stream that has brought something has been billed for something.</summary>
    private ValueTask EndFailedAsync(Exception exception) => _streamed.HasStarted
        ? Forget(_reserved.ForfeitAsync($"the stream broke with {exception.GetType().Name}"))
        : _client.EndFailedAsync(_reserved, exception);

    private static async ValueTask Forget(ValueTask<Settlement> ending) => await ending;

    private async ValueTask CloseAsync()
    {
        await _updates.DisposeAsync();
        _upstream.Dispose();
    }
}
