using System.Text;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>Relays a stream event by event, byte for byte, and settles the call before the last one.</summary>
internal static class EventRelay
{
    /// <summary>Whether an answer comes as events.</summary>
    public static bool Takes(HttpResponseMessage response) =>
        response.IsSuccessStatusCode
        && string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    public static async Task RelayAsync(HttpContext context, Call call, HttpResponseMessage response, CancellationToken upstream)
    {
        var reader = new EventsSoFar(call);
        call.Reserved.Follow(() => reader.Report);
        CallHeaders.Write(context.Response, call.Reserved);
        context.Response.ContentLength = null;
        var client = new ClientStream(context);
        var late = new LateEvents();
        Settlement? settlement = null;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(upstream);
            await foreach (var passed in EventSplitter.SplitAsync(body, upstream))
            {
                call.Capture?.Add(passed.Span);
                var fate = reader.Observe(passed);
                if (fate == EventFate.PassAtTheEnd && settlement is null && late.Take(passed))
                {
                    continue;
                }

                if (fate is EventFate.PassAfterSettling or EventFate.PassAtTheEnd && settlement is null)
                {
                    settlement = await call.EndAsync(reader.Report);
                    await TellAsync(client, call, settlement);
                    await late.WriteAsync(client);
                }

                if (fate != EventFate.Withhold)
                {
                    await client.WriteUnlessCutAsync(passed, call.Reserved.CutByPause);
                }
            }
        }
        catch (Exception exception) when (call.Reserved.PausedBy is not null && IsBreak(exception))
        {
            settlement ??= await call.EndAsync(reader.Report is { Usage: not null } said ? said : reader.Report with { Reason = NoAnswer.Cut });
            await CutOffAsync(context, call, client, settlement);
            return;
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            if (settlement is null)
            {
                await call.EndAsync(reader.Report is { Usage: not null } said ? said : reader.Report with { Reason = "the provider's stream broke off" });
                await late.WriteAsync(client);
            }

            await BreakOffAsync(context, call, client, settlement is null ? exception : null);
            return;
        }

        if (settlement is null)
        {
            settlement = await call.EndAsync(reader.Report);
            await TellAsync(client, call, settlement);
            await late.WriteAsync(client);
        }
    }

    private static bool IsBreak(Exception exception) => exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException;

    /// <summary>Tells the client of a call that was cut why it has ended: as an answer of its own, or as the last event of one that has begun.</summary>
    private static async ValueTask CutOffAsync(HttpContext context, Call call, ClientStream client, Settlement settlement)
    {
        var refusal = Refusal.Of(call.Reserved.CutRefusal(settlement));
        if (context.Response.HasStarted)
        {
            await client.WriteAsync(call.Dialect.ErrorEvent(refusal));
            return;
        }

        context.Response.Clear();
        CallHeaders.Write(context.Response, settlement, call.Reserved);
        await RefusalWriter.WriteAsync(context, refusal, call.Dialect);
    }

    /// <summary>
    /// Lets the client know that the rest is not coming: in the format's own words where the sidecar is the one that ends it, and like the
    /// provider otherwise. A clean end alone would tell it that it has the whole answer.
    /// </summary>
    private static async Task BreakOffAsync(HttpContext context, Call call, ClientStream client, Exception? failure)
    {
        if (failure is ProviderSilentException silent)
        {
            await client.WriteAsync(call.Dialect.ErrorEvent(new Refusal(StatusCodes.Status502BadGateway, silent.Message)));
        }
        else
        {
            context.Abort();
        }
    }

    /// <summary>Headers are gone by now; a comment is what readers of events skip.</summary>
    private static ValueTask TellAsync(ClientStream client, Call call, Settlement settlement) =>
        call.Dialect.EventsTakeComments ? client.WriteAsync(Comment(call, settlement)) : ValueTask.CompletedTask;

    private static ReadOnlyMemory<byte> Comment(Call call, Settlement settlement) => Encoding.UTF8.GetBytes(
        $": {string.Join(' ', CallHeaders.Of(settlement, call.Reserved).Select(header => $"{header.Name}={header.Value}"))}\n\n");
}
