using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>The routes of batches.</summary>
internal static class BatchEndpoints
{
    /// <summary>Maps the route that takes batches, and those of each.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="batches">Where batches are sent to.</param>
    /// <param name="format">How the provider takes them.</param>
    public static void MapBatches(this IEndpointRouteBuilder routes, ProviderRoute batches, IBatchFormat format)
    {
        var pattern = batches.Path + "/{batch}";
        routes.MapPost(batches.Path, context => context.RequestServices.GetRequiredService<BatchHandler>().HandleAsync(context, batches, format))
            .WithMetadata(batches.Dialect)
            .Allow(AccessRule.Use);
        routes.MapGet(pattern, context => AskAsync(context, HttpMethod.Get)).As(batches);
        routes.MapDelete(pattern, context => AskAsync(context, HttpMethod.Delete)).As(batches);
        routes.MapPost(pattern + "/cancel", context => AskAsync(context, HttpMethod.Post, "/cancel")).As(batches);
        routes.MapGet(
            pattern + "/results",
            context => context.RequestServices.GetRequiredService<BatchResults>().HandleAsync(context, batches, format)).As(batches);

        Task AskAsync(HttpContext context, HttpMethod method, string what = "") =>
            context.RequestServices.GetRequiredService<BatchRequests>().HandleAsync(context, batches, format, method, what);
    }

    private static void As(this IEndpointConventionBuilder route, ProviderRoute batches) =>
        route.WithMetadata(new ErrorEnvelope(_ => batches.Provider.Wing)).Allow(AccessRule.Use);
}
