using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The routes that speak Anthropic's messages.</summary>
internal static class AnthropicEndpoints
{
    private const string Messages = "/v1/messages";
    private const string CountTokens = "/v1/messages/count_tokens";

    public static void MapAnthropic(this IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        var dialect = new AnthropicMessagesDialect();
        var native = new ProviderRoute(provider, dialect, Messages);
        Map(Messages, native);
        Map("/v1/agents/{agent}/runs/{run}/anthropic/messages", native with { Form = new AnthropicRunForm(dialect) });

        var count = new ProviderRoute(provider, dialect, CountTokens);
        routes.MapPost(CountTokens, context => context.RequestServices.GetRequiredService<PassThrough>().HandleAsync(context, count))
            .WithMetadata(dialect).Allow(AccessRule.Use);

        void Map(string pattern, ProviderRoute route) => routes.MapPost(pattern, context =>
        {
            var unknown = AnthropicBetas.Check(context.Request.Headers, settings.FieldPolicy);
            return context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route with { Unbounded = unknown });
        }).WithMetadata(dialect).Allow(AccessRule.Use);
    }
}
