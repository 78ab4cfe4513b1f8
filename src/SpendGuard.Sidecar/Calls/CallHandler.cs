using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Takes one metered call from its request to its settlement.</summary>
internal sealed class CallHandler(
    CountedInput inputs, IHttpForwarder forwarder, ProviderClient client, SidecarSettings settings, DrainLimit drains, ILogger<CallHandler> logger)
{
    public async Task HandleAsync(HttpContext context, ProviderRoute route)
    {
        var caller = Caller.Of(context);
        route.Provider.RequireKey();
        using var body = await RequestBody.ReadAsync(context, settings.MaxRequestBytes);
        await HandleAsync(context, caller, route, body.RootElement);
    }

    /// <summary>The same for a body that the route has read and may have put into the provider's format.</summary>
    public async Task HandleAsync(HttpContext context, Caller caller, ProviderRoute route, JsonElement body)
    {
        var engine = Admission.Of(context).Engine;
        var request = new DialectRequest(route.Provider.Name, body, engine.TokenCounters, settings.FieldPolicy)
        {
            RouteModel = route.Model,
            RouteStreams = route.Streams,
        };
        var call = route.Dialect.Read(request);
        call = call with
        {
            Shape = call.Shape with
            {
                ResidencyFactor = call.Shape.ResidencyFactor * route.Provider.ResidencyFactor,
                UnboundedFeatures = [.. route.Unbounded, .. call.Shape.UnboundedFeatures],
            },
        };
        await using var reserved = await inputs.ReserveAsync(
            context, route, request, call, new ModelCall { Agent = caller.Agent, Run = caller.Run, Model = call.Model, Shape = call.Shape });

        await ForwardAsync(context, new Exchange(route, request, call, reserved)
        {
            Capture = CallCapture.Start(settings.Telemetry, reserved, body),
        });
    }

    private async Task ForwardAsync(HttpContext context, Exchange exchange)
    {
        // When the client goes, the provider goes on and bills: the answer is read to its end all the same, within limits.
        using var upstream = new UpstreamLifetime(context, drains, settings.DrainTime);
        var capped = exchange.Route.Dialect.Cap(exchange.Request, exchange.Reserved.OutputCap);
        context.Request.Body = new MemoryStream(capped.ToArray(), writable: false);
        context.Request.ContentLength = capped.Length;

        var transformer = new CallTransformer(exchange, settings, upstream.Token);
        var error = await forwarder.SendAsync(
            context, exchange.Route.Provider.BaseAddress, client.Invoker, settings.ForwarderConfig, transformer, upstream.Token);
        transformer.Failure?.Throw();
        if (error != ForwarderError.None && !transformer.Answered)
        {
            await FailAsync(context, exchange, context.GetForwarderErrorFeature()?.Exception);
        }
    }

    /// <summary>No readable answer came. Only a connection that was never made is known to have cost nothing.</summary>
    private async Task FailAsync(HttpContext context, Exchange exchange, Exception? exception)
    {
        var provider = exchange.Route.Provider.Name;
        Log.ProviderFailed(logger, exception, provider, exchange.Reserved.Reservation.Id);
        var settlement = await exchange.Reserved.EndAsync(ProviderReport.Failed(exception, $"no readable answer came from {provider}"));
        if (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            CallHeaders.Write(context.Response, settlement, exchange.Reserved);
            await RefusalWriter.WriteAsync(
                context, new Refusal(StatusCodes.Status502BadGateway, $"No answer came from {provider}."), exchange.Route.Dialect);
        }
    }
}
