using System.Globalization;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Writes refusals: in the envelope of the dialect that the caller speaks, if it speaks one.</summary>
internal static class RefusalWriter
{
    public static Task WriteAsync(HttpContext context, Refusal refusal, IDialect dialect) => WriteAsync(context, refusal, dialect.Refuse);

    /// <param name="context">The request.</param>
    /// <param name="refusal">The refusal.</param>
    /// <param name="envelope">Puts it into the error envelope that the caller's client shows; null where there is none.</param>
    public static async Task WriteAsync(HttpContext context, Refusal refusal, Func<Refusal, ReadOnlyMemory<byte>>? envelope)
    {
        var response = context.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (refusal.Retry is { } retry)
        {
            // The official SDKs obey it: they send a 409 or a 500 again by themselves, whatever it is.
            response.Headers[CallHeaders.ShouldRetry] = retry ? "true" : "false";
        }

        var body = envelope?.Invoke(refusal) ?? Plain(refusal);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }

    /// <summary>For routes that are nobody's format: the whole sentence stands beside <c>detail</c> where that is shorter.</summary>
    private static byte[] Plain(Refusal refusal)
    {
        JsonObject body = refusal.Message == refusal.Detail ? [] : new JsonObject { ["detail"] = refusal.Detail, ["message"] = refusal.Message };
        if (refusal.Code is { } code)
        {
            body["detail"] = refusal.Detail;
            body["code"] = code;
        }

        return RefusalJson.Write(body, refusal);
    }

    public static void WriteRetryAfter(HttpResponse response, TimeSpan retryAfter) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
