using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar;

/// <summary>Answers a request that is refused.</summary>
internal static class Refusals
{
    /// <summary>The status and sentence of an exception; null for a defect.</summary>
    public static (int Status, string Sentence)? Of(Exception exception) => exception switch
    {
        BadRequestException bad => (bad.Status, bad.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        InsufficientBudgetException => (StatusCodes.Status402PaymentRequired, exception.Message),
        BudgetLockedException => (StatusCodes.Status409Conflict, exception.Message),
        IdConflictException => (StatusCodes.Status409Conflict, exception.Message),
        BudgetNotFoundException => (StatusCodes.Status404NotFound, exception.Message),
        UnknownModelException or UnboundedCostException => (StatusCodes.Status400BadRequest, exception.Message),
        StoreUnavailableException or PricesExpiredException => (StatusCodes.Status503ServiceUnavailable, exception.Message),
        MissingKeyException => (StatusCodes.Status500InternalServerError, exception.Message),
        OverflowException => (StatusCodes.Status400BadRequest, "An amount is out of range."),
        _ => null,
    };

    public static async Task WriteAsync(HttpContext context, int status, string sentence, IDialect? dialect)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (status == StatusCodes.Status402PaymentRequired)
        {
            // A retry cannot help; the official SDKs obey this header.
            response.Headers["x-should-retry"] = "false";
        }

        var body = dialect?.Refusal(status, sentence)
            ?? JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["detail"] = sentence }, AnswerJson.Default.JsonObject);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }

    public static void WriteRetryAfter(HttpResponse response, TimeSpan retryAfter) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
