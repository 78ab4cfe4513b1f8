using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Forwarding;

/// <summary>The routes of metered calls. Each names its provider and its dialect; a request chooses neither.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder routes, SidecarSettings settings)
    {
        var chat = new OpenAIChatDialect();
        var openai = settings.Providers["openai"];
        routes.MapCall("/v1/chat/completions", new ProviderRoute(openai, chat, "/chat/completions"));

        routes.MapAnthropic(settings.Providers["anthropic"], settings);
        routes.MapGemini(settings.Providers["gemini"], settings);

        foreach (var provider in settings.Providers.Values.Where(provider => provider.Name is not ("openai" or "gemini" or "anthropic")))
        {
            routes.MapCall($"/{provider.Name}/v1/chat/completions", new ProviderRoute(provider, chat, "/chat/completions"));
        }
    }

    public static void MapCall(this IEndpointRouteBuilder routes, string pattern, ProviderRoute route) =>
        routes.MapPost(pattern, context => context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route))
            .WithMetadata(route.Dialect);
}
