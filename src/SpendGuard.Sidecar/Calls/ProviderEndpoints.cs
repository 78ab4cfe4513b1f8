using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls;

/// <summary>The routes of metered calls. Each names its provider and its dialect; a request chooses neither.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder routes, SidecarSettings settings)
    {
        routes.MapOpenAI(settings);
        routes.MapAnthropic(settings.Providers["anthropic"], settings);
        routes.MapGemini(settings.Providers["gemini"], settings);
    }

    public static void MapCall(this IEndpointRouteBuilder routes, string pattern, ProviderRoute route) =>
        routes.MapPost(pattern, context => context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route))
            .WithMetadata(route.Dialect)
            .Allow(AccessRule.Use);
}
