using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using Yarp.ReverseProxy.Forwarder;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Forwards a request that providers do not bill, such as to count tokens: nothing is held, and no agent is needed.</summary>
internal sealed class PassThrough(
    IHttpForwarder forwarder, ProviderClient client, TablesInForce tables, SidecarSettings settings, ILogger<PassThrough> logger)
{
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = settings.ProviderTimeout, AllowResponseBuffering = false };

    public async Task HandleAsync(HttpContext context, ProviderRoute route)
    {
        var addressing = new Addressing(route, route.PathFor(ProviderRoute.ModelNamed(context)), tables.Current);
        route.Provider.RequireKey();
        var error = await forwarder.SendAsync(
            context, route.Provider.BaseAddress, client.Invoker, _config, addressing, context.RequestAborted);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var why = context.GetForwarderErrorFeature()?.Exception;
        Log.PassThroughFailed(logger, why, route.Provider.Name);
        context.Response.Clear();
        var refusal = new Refusal(StatusCodes.Status502BadGateway, NoAnswer.From(route.Provider.Name), NoAnswer.Told(route.Provider.Name, why));
        await RefusalWriter.WriteAsync(context, refusal, route.Dialect);
    }
}
