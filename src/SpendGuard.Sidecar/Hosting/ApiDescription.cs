using Microsoft.OpenApi;
using SpendGuard.Sidecar.Agents;

namespace SpendGuard.Sidecar.Hosting;

/// <summary>Describes the routes for people and for tools that make clients of the description.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(AgentJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(AnswerJson.Default);
        });
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "SpendGuard sidecar",
                Version = "1",
                Description = "Hard budgets for AI agents: control routes for agents and budgets, and metered routes to providers.",
            };

            // Where it listens is for whoever starts it to say.
            document.Servers = [];
            return Task.CompletedTask;
        }));
    }
}
