namespace SpendGuard.Sidecar;

/// <summary>Answers whatever a request ends with that is not an answer. Nothing a client can send is a 500.</summary>
internal sealed class RefusalMiddleware(RequestDelegate next, ILogger<RefusalMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var (status, sentence) = Refusals.Of(exception) ?? Defect(exception);
            context.Response.Clear();
            if (exception is BudgetLockedException locked)
            {
                Refusals.WriteRetryAfter(context.Response, locked.RetryAfter);
            }

            var dialect = context.GetEndpoint()?.Metadata.GetMetadata<Dialects.IDialect>();
            await Refusals.WriteAsync(context, status, sentence, dialect);
        }
    }

    private (int Status, string Sentence) Defect(Exception exception)
    {
        Log.Defect(logger, exception);
        return (StatusCodes.Status500InternalServerError, "The sidecar failed. Its log says why.");
    }
}
