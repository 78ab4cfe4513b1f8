using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Telemetry;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Takes one metered call from its request to its settlement.</summary>
internal sealed class CallHandler(
    CallReader reader,
    CountedInput inputs,
    ProviderClient client,
    SidecarSettings settings,
    DrainLimit drains,
    ILogger<CallHandler> logger,
    IApproval? approval = null)
{
    /// <summary>The way of a call.</summary>
    /// <remarks>
    /// <code>
    /// caller ─► read      who calls, and what is asked: model, input, output cap, extras
    ///        ─► reserve   ONE atomic store operation: refused, or held with a granted output cap
    ///        ─► send      a copy with that cap, under the provider's own key
    ///        ─► report    what came back says of the cost
    ///        ─► end       settled, released or forfeited, in the ledger
    /// caller ◄─ answer    only then; of a stream, its last event
    /// </code>
    /// </remarks>
    public async Task HandleAsync(HttpContext context, ProviderRoute route)
    {
        var caller = Caller.Of(context);
        route.Provider.RequireKey();
        await LargeBody.RequireBudgetAsync(context, caller);
        using var body = await RequestBody.ReadAsync(context, settings.MaxRequestBytes);
        var call = CallReader.Read(reader.Take(context, route, caller, body.RootElement, logger));

        await using var reserved = await ReserveAsync(context, call);
        call = call with { Reserved = reserved, Capture = CallCapture.Start(settings.Telemetry, reserved, call.Body) };
        var capped = call.Dialect.Cap(call, reserved.Grant);

        // When the client goes, the provider goes on and bills: the answer is read to its end all the same, within limits.
        using var upstream = new UpstreamLifetime(drains, settings.DrainTime, context.RequestAborted, reserved.CutByPause);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(context, call, capped, upstream.Token);
        }
        catch (Exception exception)
        {
            if (reserved.PausedBy is null)
            {
                Log.ProviderFailed(logger, exception, call.Provider, reserved.Reservation.Id);
            }

            await AnswerAsync(context, call, WholeAnswer.None(call, exception));
            return;
        }

        using (response)
        {
            if (EventRelay.Takes(response))
            {
                await EventRelay.RelayAsync(context, call, response, upstream.Token);
            }
            else
            {
                await AnswerAsync(context, call, await WholeAnswer.ReadAsync(call, response, settings.MaxAnswerBytes, upstream.Token));
            }
        }
    }

    /// <summary>
    /// Holds; where the call does not fit, who may raise the budget is asked first, and it is tried again for as long as that changes the budget:
    /// another may lower it as often as it is raised.
    /// </summary>
    private async ValueTask<ReservedCall> ReserveAsync(HttpContext context, Call call)
    {
        Budget? met = null;
        while (true)
        {
            try
            {
                return await inputs.ReserveAsync(context, call);
            }
            catch (Exception exception) when (approval is not null && (exception as InsufficientBudgetException ?? exception.InnerException) is InsufficientBudgetException { Account: null })
            {
                var refusal = exception as InsufficientBudgetException ?? (InsufficientBudgetException)exception.InnerException!;
                var isAsBefore = met is not null && (met.HardLimit, met.Granted) == (refusal.Budget!.HardLimit, refusal.Budget.Granted);
                met = refusal.Budget;
                if (isAsBefore || !await approval.AskAsync(call.Caller.Agent, refusal, context.RequestAborted))
                {
                    throw;
                }
            }
        }
    }

    private static async Task AnswerAsync(HttpContext context, Call call, WholeAnswer answer)
    {
        var settlement = await call.EndAsync(answer.Report);
        await answer.WriteAsync(context, call, settlement);
    }
}
