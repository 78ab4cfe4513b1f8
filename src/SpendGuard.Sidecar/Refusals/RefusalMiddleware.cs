namespace SpendGuard.Sidecar.Refusals;

/// <summary>Answers whatever a request ends with that is not an answer. Nothing a client can send is a 500.</summary>
internal sealed class RefusalMiddleware(RequestDelegate next, ILogger<RefusalMiddleware> logger)
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
            var refusal = Refusal.Of(exception) ?? Defect(exception);
            context.Response.Clear();
            if (exception is BudgetLockedException locked)
            {
                RefusalWriter.WriteRetryAfter(context.Response, locked.RetryAfter);
            }

            var dialect = context.GetEndpoint()?.Metadata.GetMetadata<Dialects.IDialect>();
            await RefusalWriter.WriteAsync(context, refusal, dialect);
        }
    }

    /// <summary>Routing answers what no route takes with a bare status.</summary>
    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        var sentence = context.Response switch
        {
            { HasStarted: true } or { ContentLength: not null } or { ContentType: not null } => null,
            { StatusCode: StatusCodes.Status404NotFound } => "There is no such route.",
            { StatusCode: StatusCodes.Status405MethodNotAllowed } => "The route does not take this method. The Allow header names those it takes.",
            _ => null,
        };
        return sentence is null ? Task.CompletedTask : RefusalWriter.WriteAsync(context, new Refusal(context.Response.StatusCode, sentence), dialect: null);
    }

    private Refusal Defect(Exception exception)
    {
        Log.Defect(logger, exception);
        return new Refusal(StatusCodes.Status500InternalServerError, "The sidecar failed. Its log says why.");
    }
}
