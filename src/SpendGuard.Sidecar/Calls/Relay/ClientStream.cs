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
    private Task _last = Task.CompletedTask;
    private bool _gone;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => WriteUnlessCutAsync(bytes, CancellationToken.None);

    /// <summary>Writes to a client for no longer than until the call is cut. What is written next comes after it all the same.</summary>
    /// <exception cref="OperationCanceledException">The call was cut, and the client has not taken it yet.</exception>
    public async ValueTask WriteUnlessCutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cut)
    {
        if (_gone)
        {
            return;
        }

        var write = _last = SendAsync(_last, bytes);
        try
        {
            if (!write.IsCompleted)
            {
                var began = _time.GetTimestamp();
                await write.WaitAsync(_patience, _time, cut);
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
        catch (Exception exception) when (write.IsCompleted && exception is (IOException or OperationCanceledException or ObjectDisposedException))
        {
            _gone = true;
        }
    }

    private async Task SendAsync(Task before, ReadOnlyMemory<byte> bytes)
    {
        await before;
        await context.Response.Body.WriteAsync(bytes, CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
    }
}
