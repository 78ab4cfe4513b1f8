using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>
/// Writes to a client that may have gone: then what is written goes nowhere, and the call is still read to its end. One that does not read
/// keeps the provider's connection and the hold waiting; when it has done so for long enough in all, it counts as gone.
/// </summary>
internal sealed class ClientStream(HttpContext context)
{
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();
    private TimeSpan _patience = context.RequestServices.GetRequiredService<SidecarSettings>().ClientPatience;
    private bool _gone;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_gone)
        {
            return;
        }

        try
        {
            var write = SendAsync(bytes);
            if (!write.IsCompleted)
            {
                var began = _time.GetTimestamp();
                await write.WaitAsync(_patience, _time);
                _patience -= _time.GetElapsedTime(began);
                _patience = _patience > TimeSpan.Zero ? _patience : TimeSpan.Zero;
            }

            await write;
        }
        catch (TimeoutException)
        {
            // Ends the write, too.
            context.Abort();
            _gone = true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _gone = true;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
    }
}
