using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Batches;

/// <summary>The routes of batches, and of the files that they come from and go to.</summary>
internal static class OpenAIBatchRoutes
{
    private const string Path = "/batches";

    /// <param name="routes">The routes.</param>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="calls">The calls that a batch can be of.</param>
    /// <param name="settings">The settings.</param>
    public static void MapBatches(this IEndpointRouteBuilder routes, string prefix, IReadOnlyList<ProviderRoute> calls, SidecarSettings settings)
    {
        var services = routes.ServiceProvider;
        var request = services.GetRequiredService<FreeRequest>();
        var files = new OpenAIFiles(request, settings);
        var upload = new OpenAIUpload(files, settings, services.GetRequiredService<ILogger<OpenAIUpload>>());
        var format = new OpenAIBatchFormat(files, request, calls.ToDictionary(call => prefix + call.Path, call => call.Dialect, StringComparer.Ordinal));
        var batches = calls[0] with { Path = Path };
        routes.MapBatches(prefix, batches, format);
        routes.MapPost(prefix + OpenAIFiles.Path, context => upload.HandleAsync(context, batches))
            .WithMetadata(new ErrorEnvelope(Wings.OfClient))
            .Allow(AccessRule.Use);
        MapFile(OpenAIBatchResults.Output);
        MapFile(OpenAIBatchResults.Errors);

        void MapFile(string ending) => routes.MapResults(
            prefix + OpenAIFiles.ContentOf(BatchEndpoints.Batch + ending), batches, (batch, id, cancel) => format.FindAsync(batch, id, ending, cancel));
    }
}
