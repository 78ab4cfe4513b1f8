using System.Text.Json;
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
    public async Task HandleAsync(HttpContext context, ProviderRoute route, IBatchFormat format)
    {
        route.Provider.RequireKey();
        var (id, batch) = await BatchName.FindAsync(context, route);
        var call = reader.Take(context, route, Caller.Of(context), body: default, logger);
        var bill = Admission.Of(context).Engine.BillOf(batch, route.Provider.ResidencyFactor);

        // When the client goes, they are read to their end all the same, within limits: what the batch cost is in them.
        using var upstream = new UpstreamLifetime(drains, settings.DrainTime, context.RequestAborted);
        HttpResponseMessage response;
        try
        {
            response = await client.AskAsync(context, call, HttpMethod.Get, $"{route.Path}/{id}/results", upstream.Token);
        }
        catch (Exception exception)
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
            await RelayAsync(context, response, format, bill, upstream.Token);
        }
    }

    private async Task RelayAsync(HttpContext context, HttpResponseMessage response, IBatchFormat format, BatchBill bill, CancellationToken upstream)
    {
        var engine = Admission.Of(context).Engine;
        var answer = new ClientStream(context);
        var last = ReadOnlyMemory<byte>.Empty;
        var isWhole = response.StatusCode == System.Net.HttpStatusCode.OK;
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

        if (isWhole && await engine.SettleAsync(bill) is null)
        {
            Log.BatchNotSettled(logger, bill.Batch.Id, bill.Batch.Agent, bill.Missing!);
        }

        await answer.WriteAsync(last);

        void Read(ReadOnlyMemory<byte> line)
        {
            if (!isWhole || line.Span.Trim(" \t\r\n"u8).IsEmpty)
            {
                return;
            }

            using var document = AnswerJson.TryParse(line.Span, out var rest);
            if (document is { RootElement: { ValueKind: JsonValueKind.Object } result } && rest.Trim(" \t\r\n"u8).IsEmpty && format.ReadResult(result) is var (request, report))
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
