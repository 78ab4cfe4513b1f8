using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Answers whatever a request ends with that is not an answer. Nothing a client can send is a 500.</summary>
internal sealed class RefusalMiddleware(RequestDelegate next, SidecarSettings settings, TimeProvider time, ILogger<RefusalMiddleware> logger, TopUpWay? way = null)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await AnswerUnroutedAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var refusal = Withheld(exception) ?? Refusal.Of(exception, way) ?? Defect(exception);
            context.Response.Clear();
            if (exception is BudgetLockedException { IsByBatches: false } locked)
            {
                RefusalWriter.WriteRetryAfter(context.Response, locked.RetryAfter);
            }
            else if (refusal.Limit?.RestAt(time.GetUtcNow()) is { } rest)
            {
                // For people and for clients of our own: the header beside it keeps SDKs from trying again by themselves.
                RefusalWriter.WriteRetryAfter(context.Response, rest);
            }

            await RefusalWriter.WriteAsync(context, refusal, EnvelopeOf(context));
        }
    }

    /// <summary>The error envelope of who uses the route; null for a route that is nobody's format.</summary>
    private static Func<Refusal, ReadOnlyMemory<byte>>? EnvelopeOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata is not { } route ? null
        : route.GetMetadata<IDialect>() is { } dialect ? dialect.Refuse
        : route.GetMetadata<ErrorEnvelope>() is { } envelope ? envelope.Of(context.Request).Refuse
        : null;

    /// <summary>Routing answers what no route takes with a bare status.</summary>
    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        var client = Wings.OfClient(context.Request);
        return UnroutedRefusal.Of(context, client) is { } refusal ? RefusalWriter.WriteAsync(context, refusal, client.Refuse) : Task.CompletedTask;
    }

    /// <summary>In hosted mode callers are strangers, and what a store or a price source says names hosts, users and files.</summary>
    private Refusal? Withheld(Exception exception)
    {
        if (!settings.Hosted || exception is not (StoreUnavailableException or PricesExpiredException or TablesExpiredException))
        {
            return null;
        }

        Log.Withheld(logger, exception);
        return new Refusal(
            StatusCodes.Status503ServiceUnavailable,
            exception is PricesExpiredException ? "The prices have expired, and no newer ones have come. Nothing was sent to a provider; try again later."
                : exception is TablesExpiredException ? "The request tables have expired, and no newer ones have come. Nothing was sent to a provider; try again later."
                : "The budget store does not work at the moment. Nothing was sent to a provider; try again later.");
    }

    private Refusal Defect(Exception exception)
    {
        Log.Defect(logger, exception);
        return new Refusal(StatusCodes.Status500InternalServerError, "The sidecar failed. Its log says why.");
    }
}
