using SpendGuard.Batches;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Takes a batch from its request to its name; <see cref="BatchResults"/> settles it.</summary>
internal sealed class BatchHandler(
    CallReader reader, ProviderClient client, BatchTurns turns, SidecarSettings settings, DrainLimit drains, IHostApplicationLifetime lifetime, ILogger<BatchHandler> logger)
{
    /// <summary>The way of a batch.</summary>
    /// <remarks>
    /// <code>
    /// caller ─► read      each request, as the call that it is
    ///        ─► reserve   all that they can cost at the price of a batch, or nothing
    ///        ─► send      copies with their caps, under the provider's own key
    ///        ─► name      the provider's id leads to the hold, durably
    /// caller ◄─ answer    only then
    /// </code>
    /// Whatever goes wrong after the hold was made costs no more than that: it is released where the provider has refused the batch, and
    /// forfeited where nobody knows.
    /// </remarks>
    public async Task HandleAsync(HttpContext context, ProviderRoute route, IBatchFormat format)
    {
        var caller = Caller.Of(context);
        route.Provider.RequireKey();
        await LargeBody.RequireBudgetAsync(context, caller, whateverItsSize: true);
        using var body = await RequestBody.ReadAsync(context, settings.MaxRequestBytes);
        var batch = reader.Take(context, route, caller, body.RootElement, logger);
        using var turn = await turns.EnterAsync(context.RequestAborted);
        if (await ReadAsync(context, batch, format) is not { } requests)
        {
            return;
        }

        await using var reserved = await ReserveAsync(context, caller, requests, format.Lifetime);

        // When the client goes, what it has sent is named all the same.
        using var upstream = new UpstreamLifetime(drains, settings.DrainTime, context.RequestAborted);
        HttpResponseMessage response;
        try
        {
            var sent = await format.WriteAsync(batch, requests, reserved.Grants, upstream.Token);
            response = await client.SendAsync(context, batch, sent, upstream.Token);
        }
        catch (ProviderRefusedException refusal)
        {
            await EndAsync(context, batch, reserved, BatchAnswer.Of(refusal));
            return;
        }
        catch (Exception exception)
        {
            Log.ProviderFailed(logger, exception, batch.Provider, reserved.Reservation.Id);
            await EndAsync(context, batch, reserved, BatchAnswer.None(batch, exception));
            return;
        }

        using (response)
        {
            var answer = await BatchAnswer.ReadAsync(batch, response, settings.MaxAnswerBytes, format, upstream.Token);
            if (answer.Id is not { } id)
            {
                await EndAsync(context, batch, reserved, answer);
                return;
            }

            var isNamed = await reserved.NameAsync(BatchName.Of(batch.Provider, id));
            CallHeaders.Write(context.Response, reserved.Reservation);
            if (!isNamed)
            {
                context.Response.Headers[CallHeaders.SettlementState] = CallHeaders.Pending;
            }

            await answer.WriteAsync(context, batch, body => format.Rewrite(body, BatchAnswer.AddressOf(context, id)));
        }
    }

    /// <summary>The requests, which may be in the provider's keeping; null where it did not give them, and the client has been told.</summary>
    private async ValueTask<IReadOnlyList<BatchRequest>?> ReadAsync(HttpContext context, Call batch, IBatchFormat format)
    {
        try
        {
            return await format.ReadAsync(batch, context.RequestAborted);
        }
        catch (ProviderRefusedException refusal)
        {
            await BatchAnswer.Of(refusal).WriteAsync(context, batch);
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            Log.BatchNotMade(logger, exception, batch.Provider);
            await BatchAnswer.None(batch, exception).WriteAsync(context, batch);
            return null;
        }
    }

    /// <summary>Holds it, and waits for that only as long as there is somebody to answer.</summary>
    private async ValueTask<ReservedBatch> ReserveAsync(HttpContext context, Caller caller, IReadOnlyList<BatchRequest> requests, TimeSpan life)
    {
        var wishes = CallerWishes.Of(context.Request.Headers, caller);
        var batch = new ModelBatch
        {
            Requests = [.. requests.Select(request => request.Call.ToModelCall() with { RunLimit = wishes.RunLimit })],
            Lifetime = life,
            LockedWait = wishes.Wait,
            ApprovalWait = wishes.ApprovalWaitWithin(settings.ApprovalWait),
        };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            return await Admission.Of(context).Engine.ReserveAsync(batch, over.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new StoppingException();
        }
    }

    private static async Task EndAsync(HttpContext context, Call batch, ReservedBatch reserved, BatchAnswer answer)
    {
        var settlement = await reserved.EndAsync(answer.Report);
        if (answer.IsMissing)
        {
            context.Response.Clear();
        }

        CallHeaders.Write(context.Response, settlement);
        CallHeaders.ForbidRetryOfCharged(context.Response, settlement);
        await answer.WriteAsync(context, batch);
    }
}
