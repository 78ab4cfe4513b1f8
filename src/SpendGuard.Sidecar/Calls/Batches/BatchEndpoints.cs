using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>The routes of batches.</summary>
internal static class BatchEndpoints
{
    /// <summary>What stands in a pattern for the provider's id of a batch.</summary>
    public const string Batch = "{batch}";

    /// <summary>Maps the route that takes batches, and those that ask for one and cancel it.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="prefix">What the paths at the provider begin with here.</param>
    /// <param name="batches">Where batches are sent to.</param>
    /// <param name="format">How the provider takes them.</param>
    public static void MapBatches(this IEndpointRouteBuilder routes, string prefix, ProviderRoute batches, IBatchFormat format)
    {
        var pattern = prefix + batches.Path;
        routes.MapPost(pattern, context => context.RequestServices.GetRequiredService<BatchHandler>().HandleAsync(context, batches, format))
            .WithMetadata(batches.Dialect)
            .Allow(AccessRule.Use);
        routes.MapGet($"{pattern}/{Batch}", context => AskAsync(context, batches, format, HttpMethod.Get)).As(batches);
        routes.MapPost($"{pattern}/{Batch}/cancel", context => AskAsync(context, batches, format, HttpMethod.Post, "/cancel")).As(batches);
    }

    /// <summary>Maps the route that deletes a batch.</summary>
    public static void MapDeletion(this IEndpointRouteBuilder routes, string prefix, ProviderRoute batches, IBatchFormat format) =>
        routes.MapDelete($"{prefix}{batches.Path}/{Batch}", context => AskAsync(context, batches, format, HttpMethod.Delete)).As(batches);

    /// <summary>Maps a route of results.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="pattern">Where they are here; it names the batch.</param>
    /// <param name="batches">Where batches are sent to.</param>
    /// <param name="find">Finds the results of a batch by its id.</param>
    public static void MapResults(
        this IEndpointRouteBuilder routes, string pattern, ProviderRoute batches, Func<Call, string, CancellationToken, ValueTask<ResultsPlace>> find) =>
        routes.MapGet(pattern, context => context.RequestServices.GetRequiredService<BatchResults>().HandleAsync(context, batches, find)).As(batches);

    /// <summary>Lets callers of the provider use a route, in its envelope.</summary>
    public static void As(this IEndpointConventionBuilder route, ProviderRoute batches) =>
        route.WithMetadata(new ErrorEnvelope(_ => batches.Provider.Wing)).Allow(AccessRule.Use);

    private static Task AskAsync(HttpContext context, ProviderRoute batches, IBatchFormat format, HttpMethod method, string what = "") =>
        context.RequestServices.GetRequiredService<BatchRequests>().HandleAsync(context, batches, format, method, what);
}
