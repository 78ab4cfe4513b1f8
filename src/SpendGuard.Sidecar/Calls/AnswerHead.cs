using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Takes status and headers of a provider's answer over to the caller's. Never fails: by now the answer is paid for.</summary>
internal static class AnswerHead
{
    public static async ValueTask TakeAsync(HttpContext context, Addressing addressing, HttpResponseMessage response, ILogger logger)
    {
        try
        {
            TakeStatus(context, response);
            await addressing.TransformResponseAsync(context, response, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Such as a header with a character that our own server does not send.
            Log.HeadersNotTaken(logger, exception);
            context.Response.Clear();
            TakeStatus(context, response);
            context.Response.ContentType = response.Content.Headers.ContentType?.MediaType;
        }
    }

    private static void TakeStatus(HttpContext context, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        context.Response.StatusCode = status;
        if (response.ReasonPhrase is { } reason && reason != ReasonPhrases.GetReasonPhrase(status) && reason.All(letter => letter is >= ' ' and <= '~'))
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
        }
    }
}
