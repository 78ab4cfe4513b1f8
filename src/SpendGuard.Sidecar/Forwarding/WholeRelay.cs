using System.Text.Json;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Forwarding;

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
            var forfeited = await exchange.Reserved.ForfeitAsync("the provider's answer broke off");
            context.Response.Clear();
            CallHeaders.Write(context.Response, forfeited, exchange.Reserved);
            await Refusals.WriteAsync(
                context,
                new Refusal(StatusCodes.Status502BadGateway, $"The answer of {exchange.Route.Provider.Name} broke off."),
                exchange.Route.Dialect);
            return;
        }

        var settlement = response.IsSuccessStatusCode
            ? await exchange.EndAsync(Read(exchange, body))
            : await exchange.EndRefusedAsync(status);
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

    private static ServedCall Read(Exchange exchange, byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return exchange.Route.Dialect.ReadAnswer(exchange.Request, answer.RootElement);
        }
        catch (JsonException)
        {
            return new ServedCall(Usage: null, Model: null, Tier: null);
        }
    }
}
