using Microsoft.Net.Http.Headers;

namespace SpendGuard.Sidecar.Hosting;

/// <summary>Refuses requests that state their length in two ways: whatever is before the sidecar may have read the other one.</summary>
internal sealed class OneLength(RequestDelegate next)
{
    /// <summary>Where the server puts a length that it does not go by, because the body comes in chunks.</summary>
    private const string LengthSetAside = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!headers.ContainsKey(HeaderNames.TransferEncoding) || !headers.ContainsKey(LengthSetAside))
        {
            return next(context);
        }

        // What follows on the connection may be what someone else has meant as the rest of this body.
        context.Response.Headers.Connection = "close";
        var refusal = new Refusal(StatusCodes.Status400BadRequest, "The request has a Content-Length and a Transfer-Encoding. Send one of them.");
        return Refusals.WriteAsync(context, refusal, dialect: null);
    }
}
