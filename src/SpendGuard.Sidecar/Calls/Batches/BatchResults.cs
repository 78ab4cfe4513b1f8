using System.Text.Json;
using SpendGuard.Batches;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Relays the results of a batch line by line, byte for byte, and settles the batch before the last one.</summary>
/// <remarks>What breaks off, or has a line that cannot be read, settles nothing: the hold or its forfeit stands, and they may be fetched again.</remarks>
internal sealed class BatchResults(CallReader reader, ProviderClient client, SidecarSettings settings, DrainLimit drains, ILogger<BatchResults> logger)
{
    /// <param name="context">The request.</param>
    /// <param name="route">Where batches are sent to.</param>
    /// <param name="find">Finds the results of a batch by its id.</param>
    public async Task HandleAsync(HttpContext context, ProviderRoute route, Func<Call, string, CancellationToken, ValueTask<ResultsPlace>> find)
    {
        route.Provider.RequireKey();
        var (id, batch) = await BatchName.FindAsync(context, route);
        var call = reader.Take(context, route, Caller.Of(context), body: default, logger);

        // When the client goes, they are read to their end all the same, within limits: what the batch cost is in them.
        using var upstream = new UpstreamLifetime(drains, settings.DrainTime, context.RequestAborted);
        ResultsPlace place;
        HttpResponseMessage response;
        try
        {
            place = await find(call, id, upstream.Token);
            response = await client.AskAsync(context, call, HttpMethod.Get, place.Path, upstream.Token);
        }
        catch (ProviderRefusedException refusal)
        {
            await BatchAnswer.Of(refusal).WriteAsync(context, call);
            return;
        }
        catch (Exception exception) when (exception is not BadRequestException)
        {
            Log.ProviderFailed(logger, exception, call.Provider, batch.Id);
            context.Response.Clear();
            await BatchAnswer.None(call, exception).WriteAsync(context, call);
            return;
        }

        using (response)
        {
            CallHeaders.Write(context.Response, batch);
            context.Response.ContentLength = null;
            var bill = Admission.Of(context).Engine.BillOf(batch, route.Provider.ResidencyFactor, place.End?.Succeeded ?? 0, place.AreOfAll);
            await RelayAsync(context, response, place, bill, upstream.Token);
        }
    }

    private async Task RelayAsync(HttpContext context, HttpResponseMessage response, ResultsPlace place, BatchBill bill, CancellationToken upstream)
    {
        var engine = Admission.Of(context).Engine;
        var answer = new ClientStream(context);
        var last = ReadOnlyMemory<byte>.Empty;
        var settles = place.Read is not null && response.StatusCode == System.Net.HttpStatusCode.OK;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(upstream);
            await foreach (var line in ResultLines.SplitAsync(body, settings.MaxAnswerBytes, upstream))
            {
                await answer.WriteAsync(last);
                last = line;
                Read(line);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            Log.BatchNotSettled(logger, bill.Batch.Id, bill.Batch.Agent, "they broke off");
            await answer.WriteAsync(last);
            context.Abort();
            return;
        }

        bill.AddRest(place.End?.Counted);
        if (place.End is { IsGarbled: true })
        {
            bill.Fail("what was counted for the batch cannot be read");
        }

        if (settles && await engine.SettleAsync(bill) is null)
        {
            Log.BatchNotSettled(logger, bill.Batch.Id, bill.Batch.Agent, bill.Missing!);
        }

        await answer.WriteAsync(last);

        void Read(ReadOnlyMemory<byte> line)
        {
            if (!settles || line.Span.Trim(" \t\r\n"u8).IsEmpty)
            {
                return;
            }

            using var document = AnswerJson.TryParse(line.Span, out var rest);
            if (document is { RootElement: { ValueKind: JsonValueKind.Object } result } && rest.Trim(" \t\r\n"u8).IsEmpty && place.Read!(result) is var (request, report))
            {
                bill.Add(request, report);
            }
            else
            {
                bill.Fail("a result cannot be read");
            }
        }
    }
}
