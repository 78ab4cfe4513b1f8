using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Passes on what is asked of a batch that has been made, for its own agent only.</summary>
internal sealed class BatchRequests(CallReader reader, ProviderClient client, SidecarSettings settings, ILogger<BatchRequests> logger)
{
    /// <summary>Asks for a batch, or to cancel or delete it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Where batches are sent to.</param>
    /// <param name="format">How the provider takes them.</param>
    /// <param name="method">How it is asked for.</param>
    /// <param name="what">What stands in the address after the batch; nothing for the batch itself.</param>
    public async Task HandleAsync(HttpContext context, ProviderRoute route, IBatchFormat format, HttpMethod method, string what)
    {
        route.Provider.RequireKey();
        var (id, batch) = await BatchName.FindAsync(context, route);
        if (method == HttpMethod.Delete && batch.End != ReservationEnd.Settled)
        {
            throw new BadRequestException(
                "The batch is not settled: what it cost is not known before its results have been fetched, to their end. Fetch them first.",
                StatusCodes.Status409Conflict);
        }

        var call = reader.Take(context, route, Caller.Of(context), body: default, logger);
        BatchAnswer answer;
        try
        {
            using var response = await client.AskAsync(context, call, method, $"{route.Path}/{id}{what}", context.RequestAborted);
            answer = await BatchAnswer.ReadAsync(call, response, settings.MaxAnswerBytes, format, context.RequestAborted, batch.Requests);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.ProviderFailed(logger, exception, call.Provider, batch.Id);
            answer = BatchAnswer.None(call, exception);
        }

        if (answer.IsMissing)
        {
            context.Response.Clear();
        }

        CallHeaders.Write(context.Response, await SettleEmptyAsync(context, route, batch, answer.End));
        await answer.WriteAsync(context, call, body => format.Rewrite(body, BatchAnswer.AddressOf(context, id)));
    }

    /// <summary>A batch of which nothing has succeeded may have no results that could be fetched: what it costs is known all the same.</summary>
    private static async ValueTask<Reservation> SettleEmptyAsync(HttpContext context, ProviderRoute route, Reservation batch, BatchEnd? end)
    {
        if (batch.End == ReservationEnd.Settled || end is not { IsEmpty: true, IsGarbled: false })
        {
            return batch;
        }

        var engine = Admission.Of(context).Engine;
        var bill = engine.BillOf(batch, route.Provider.ResidencyFactor, ofAll: false);
        bill.AddRest(end.Counted);
        return await engine.SettleAsync(bill) is { End: ReservationEnd.Settled, Charged: var charged } ? batch with { End = ReservationEnd.Settled, Charged = charged } : batch;
    }
}
