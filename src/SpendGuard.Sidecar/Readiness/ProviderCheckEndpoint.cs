using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Control;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>The route that tries a provider. Not a GET, which any page can have sent: something goes out.</summary>
internal static class ProviderCheckEndpoint
{
    public static void MapProviderCheck(this IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/providers/{provider}/check", static async (string provider, ProviderCheck check, SidecarSettings settings, HttpContext context) =>
            TypedResults.Json(
                await check.RunAsync(settings.Providers.GetValueOrDefault(provider.ToLowerInvariant()) ?? throw NotFound(provider, settings), context.RequestAborted),
                ControlJson.Default.ProviderChecked))
        .Produces<ProviderChecked>()
        .Allow(AccessRule.Admin);

    private static BadRequestException NotFound(string provider, SidecarSettings settings) => new("Provider not found", StatusCodes.Status404NotFound)
    {
        Told = $"Provider not found: there is none with the name '{provider}'. There are: {string.Join(", ", settings.Providers.Keys)}.",
    };
}
