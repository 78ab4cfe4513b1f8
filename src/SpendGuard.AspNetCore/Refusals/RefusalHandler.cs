using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using SpendGuard.AspNetCore.Agents;

namespace SpendGuard.AspNetCore.Refusals;

/// <summary>Answers requests whose calls were refused; all else is left to the handlers after it.</summary>
internal sealed class RefusalHandler(IProblemDetailsService problems, ILogger<RefusalHandler> logger, TimeProvider? time = null) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (RefusalProblem.Of(exception, MissingAgent.Of(httpContext), (time ?? TimeProvider.System).GetUtcNow()) is not { } refusal)
        {
            return false;
        }

        if (refusal.IsWithheld)
        {
            Log.Withheld(logger, exception);
        }

        var response = httpContext.Response;
        response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (!await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, Exception = exception, ProblemDetails = Details(refusal) }))
        {
            // A client that takes no problem details, such as a browser, is told by the sentence.
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(refusal.Detail, cancellationToken);
        }

        return true;
    }

    private static ProblemDetails Details(RefusalProblem refusal)
    {
        var details = new ProblemDetails { Status = refusal.Status, Type = refusal.Type, Title = refusal.Title, Detail = refusal.Detail };
        foreach (var (name, value) in refusal.Figures)
        {
            details.Extensions[name] = value;
        }

        return details;
    }
}
