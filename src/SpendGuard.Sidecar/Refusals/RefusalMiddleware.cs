using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Answers whatever a request ends with that is not an answer. Nothing a client can send is a 500.</summary>
internal sealed class RefusalMiddleware(RequestDelegate next, SidecarSettings settings, ILogger<RefusalMiddleware> logger)
{
    private const string NoRoute = "There is no such route.";

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
            var refusal = Withheld(exception) ?? Refusal.Of(exception) ?? Defect(exception);
            context.Response.Clear();
            if (exception is BudgetLockedException locked)
            {
                RefusalWriter.WriteRetryAfter(context.Response, locked.RetryAfter);
            }

            var dialect = context.GetEndpoint()?.Metadata.GetMetadata<Dialects.IDialect>();
            await RefusalWriter.WriteAsync(context, refusal, dialect is null ? null : dialect.Refuse);
        }
    }

    /// <summary>Routing answers what no route takes with a bare status.</summary>
    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        var sentence = context.Response switch
        {
            { HasStarted: true } or { ContentLength: not null } or { ContentType: not null } => null,
            { StatusCode: StatusCodes.Status404NotFound } => NoRoute,
            { StatusCode: StatusCodes.Status405MethodNotAllowed } => "The route does not take this method. The Allow header names those it takes.",
            _ => null,
        };
        if (sentence is null)
        {
            return Task.CompletedTask;
        }

        var wing = Wings.OfClient(context.Request);
        var told = sentence == NoRoute
            ? $"{sentence} What is not metered here goes nowhere, and nothing was sent. Where the route is one that is metered, look at the address: {wing.BaseAddressHere}."
            : sentence;
        return RefusalWriter.WriteAsync(context, new Refusal(context.Response.StatusCode, sentence, told), wing.Refuse);
    }

    /// <summary>In hosted mode callers are strangers, and what a store or a price source says names hosts, users and files.</summary>
    private Refusal? Withheld(Exception exception)
    {
        if (!settings.Hosted || exception is not (StoreUnavailableException or PricesExpiredException))
        {
            return null;
        }

        Log.Withheld(logger, exception);
        return new Refusal(
            StatusCodes.Status503ServiceUnavailable,
            exception is PricesExpiredException
                ? "The prices have expired, and no newer ones have come. Nothing was sent to a provider; try again later."
                : "The budget store does not work at the moment. Nothing was sent to a provider; try again later.");
    }

    private Refusal Defect(Exception exception)
    {
        Log.Defect(logger, exception);
        return new Refusal(StatusCodes.Status500InternalServerError, "The sidecar failed. Its log says why.");
    }
}
