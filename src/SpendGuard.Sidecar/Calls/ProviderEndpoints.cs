using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Models;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls;

/// <summary>The routes of metered calls. Each names its provider and its dialect; a request chooses neither.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder routes, SidecarSettings settings)
    {
        foreach (var provider in settings.Providers.Values.SelectMany(provider => provider.Also.Prepend(provider)))
        {
            provider.Wing.Map(routes, provider, settings);
        }

        // The address of several vendors' clients: whose it is shows in what it sends.
        routes.MapModels("/v1", request => ProviderOf(Wings.OfClient(request)));

        Provider ProviderOf(IWing wing) => settings.Providers.Values.First(provider => provider.Wing == wing);
    }

    /// <summary>Maps a route of metered calls.</summary>
    public static void MapCall(this IEndpointRouteBuilder routes, string pattern, ProviderRoute route) =>
        routes.MapPost(pattern, context => context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route))
            .WithMetadata(route.Dialect)
            .Allow(AccessRule.Use);

    /// <summary>Maps a route of which providers bill nothing.</summary>
    public static void MapPassThrough(this IEndpointRouteBuilder routes, string pattern, ProviderRoute route) =>
        routes.MapPost(pattern, context => context.RequestServices.GetRequiredService<PassThrough>().HandleAsync(context, route))
            .WithMetadata(new ErrorEnvelope(_ => route.Provider.Wing))
            .Allow(AccessRule.Use);
}
