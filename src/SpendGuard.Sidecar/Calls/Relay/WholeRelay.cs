using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>Relays an answer that comes as a whole: it is settled before the client gets any of it.</summary>
internal static class WholeRelay
{
    public static async Task RelayAsync(
        HttpContext context, HttpResponseMessage response, Exchange exchange, int maxBytes, CancellationToken upstream)
    {
        var status = (int)response.StatusCode;
        byte[] body;
        try
        {
            await response.Content.LoadIntoBufferAsync(maxBytes, upstream);
            body = await response.Content.ReadAsByteArrayAsync(upstream);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            var forfeited = await exchange.Reserved.EndAsync(ProviderReport.Unknown("the provider's answer broke off"));
            context.Response.Clear();
            CallHeaders.Write(context.Response, forfeited, exchange.Reserved);
            await RefusalWriter.WriteAsync(
                context,
                new Refusal(StatusCodes.Status502BadGateway, $"The answer of {exchange.Route.Provider.Name} broke off."),
                exchange.Route.Dialect);
            return;
        }

        exchange.Capture?.Add(body);
        var settlement = response.IsSuccessStatusCode
            ? await exchange.EndAsync(Read(exchange.Route.Dialect, exchange.Request, body))
            : await exchange.Reserved.EndAsync(ProviderReport.Refused(status));
        CallHeaders.Write(context.Response, settlement, exchange.Reserved);

        var (shapedStatus, shaped) = exchange.Route.Form.Shape(status, body, settlement);
        if (!exchange.Route.Form.IsNative)
        {
            context.Response.StatusCode = shapedStatus;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = shaped.Length;
        }

        await context.Response.Body.WriteAsync(shaped, CancellationToken.None);
    }

    /// <summary>What an answer says of its cost; nothing when it cannot be read.</summary>
    internal static ProviderReport Read(IDialect dialect, DialectRequest request, byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            if (JsonText.HasReadableNames(answer))
            {
                return dialect.ReadAnswer(request, answer.RootElement);
            }
        }
        catch (JsonException)
        {
            // Nor is what has no readable JSON in it an answer that tells its cost.
        }

        return new ProviderReport();
    }
}
