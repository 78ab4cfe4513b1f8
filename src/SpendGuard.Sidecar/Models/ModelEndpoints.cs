using SpendGuard.Pricing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Models;

/// <summary>Tells of the models of a provider, in the form of its clients.</summary>
/// <remarks>No provider is asked: the models are those that can be called here, and one that the price book has not would be refused.</remarks>
internal static class ModelEndpoints
{
    /// <param name="routes">The routes.</param>
    /// <param name="prefix">What their paths begin with.</param>
    /// <param name="of">Whose models a request asks for.</param>
    public static void MapModels(this IEndpointRouteBuilder routes, string prefix, Func<HttpRequest, Provider> of)
    {
        Map("/models", (context, models, form) => form.List(models.All(), context.Request.Query));
        Map("/models/{model}", (context, models, form) => form.One(models.Find(Named(context))));

        void Map(string path, Func<HttpContext, CallableModels, IModelForm, IResult> answer) => routes
            .MapGet(prefix + path, context => answer(context, ModelsOf(context, of(context.Request)), of(context.Request).Wing.Models).ExecuteAsync(context))
            .WithMetadata(new ErrorEnvelope(request => of(request).Wing))
            .Allow(AccessRule.Use);
    }

    private static CallableModels ModelsOf(HttpContext context, Provider provider) => new(
        provider.Name,
        context.RequestServices.GetRequiredService<Prices>().Current,
        context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <summary>Clients escape a slash, which stays so in a path.</summary>
    private static string Named(HttpContext context) =>
        ((string)context.GetRouteValue("model")!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
