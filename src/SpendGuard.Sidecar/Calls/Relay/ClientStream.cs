namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>Writes to a client that may have gone: then what is written goes nowhere, and the call is still read to its end.</summary>
internal sealed class ClientStream(HttpContext context)
{
    private bool _gone;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_gone)
        {
            return;
        }

        try
        {
            await context.Response.Body.WriteAsync(bytes, CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _gone = true;
        }
    }
}
