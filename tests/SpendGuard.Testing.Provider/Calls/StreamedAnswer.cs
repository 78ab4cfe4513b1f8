using System.Text;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>Sends an answer event by event, and bills it, whole or as far as it came.</summary>
internal sealed class StreamedAnswer(
    HttpContext context, IWireFormat format, Generation generation, Behaviour behaviour, CallBook book, CancellationToken stopping)
{
    private readonly List<StreamEvent> _events = [.. format.Stream(generation)];
    private int _contentSent;

    private int Id => generation.Request.CallId;
    private bool ClientGone => context.RequestAborted.IsCancellationRequested;

    public async Task SendAsync()
    {
        var brokenOffAt = behaviour.CutAfterEvents ?? behaviour.FailAfterEvents;
        var bytesLeft = behaviour.CutAfterBytes;
        if ((brokenOffAt is null && bytesLeft is null ? behaviour.BillOnDisconnect : behaviour.BillOnCut) == BilledPart.Full)
        {
            Charge(generation.Usage);
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["x-request-id"] = $"req_{Id}";
        book.Update(Id, call => call with { Status = 200 });
        await context.Response.StartAsync(CancellationToken.None);
        await using var leaving = context.RequestAborted.Register(() => book.Update(Id, call => call with { LeftAt = DateTimeOffset.UtcNow }));
        var lastContent = _events.FindLastIndex(e => e.IsContent);
        for (var i = 0; i < _events.Count; i++)
        {
            if (brokenOffAt == i)
            {
                await BreakOffAsync();
                return;
            }

            if (ClientGone)
            {
                ChargeSentSoFar();
                return;
            }

            if (i >= lastContent)
            {
                // All is generated: from here on nobody can save money by going.
                Charge(generation.Usage);
                book.Update(Id, call => call with { UsageSent = generation.Reported is not null && generation.Request.IncludeUsage });
            }

            if (bytesLeft is { } left)
            {
                var wire = Encoding.UTF8.GetBytes(_events[i].Wire);
                if (wire.Length >= left)
                {
                    await context.Response.Body.WriteAsync(wire.AsMemory(0, left), CancellationToken.None);
                    await context.Response.Body.FlushAsync(CancellationToken.None);
                    ChargeSentSoFar();
                    throw new ConnectionCutException();
                }

                bytesLeft = left - wire.Length;
            }

            await WriteAsync(_events[i]);
            await PauseAsync();
        }

        book.Update(Id, call => call with { Finished = !ClientGone });
    }

    /// <summary>Until the next event is due, or there is nobody to send it to.</summary>
    private async Task PauseAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(behaviour.DelayBetweenEvents, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    private async Task BreakOffAsync()
    {
        ChargeSentSoFar();
        if (behaviour.CutAfterEvents is not null)
        {
            throw new ConnectionCutException();
        }

        await WriteAsync(format.ErrorEvent(generation, "The server had an error while processing your request."));
    }

    private async Task WriteAsync(StreamEvent next)
    {
        await context.Response.WriteAsync(next.Wire, CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
        _contentSent += next.IsContent ? 1 : 0;
    }

    private void ChargeSentSoFar() => Charge(generation.Usage.UpTo(_contentSent, _events.Count(e => e.IsContent)));

    private void Charge(SimulatedUsage usage) => book.Charge(Id, usage, generation.Charge(usage));
}

/// <summary>
/// Thrown out of a handler, it makes Kestrel close the connection after what was sent, short of the end of the body.
/// Aborting instead could lose events still on their way to the client.
/// </summary>
internal sealed class ConnectionCutException : Exception;
