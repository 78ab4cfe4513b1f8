using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Readiness;

namespace SpendGuard.Sidecar.Control;

/// <summary>Describes the routes for people, and for tools that make clients of the description.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(ControlJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(HealthJson.Default);
        });
        services.AddOpenApi(options => options.AddDocumentTransformer(DescribeAsync));
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "SpendGuard sidecar",
            Version = "1",
            Description = "Hard budgets for AI agents: control routes for agents and budgets, and metered routes to the providers.",
        };

        // Where it listens is for whoever starts it to say.
        document.Servers = [];
        document.Tags = null;

        var endpoints = context.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        foreach (var endpoint in endpoints.OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            AddForwarded(document, endpoint);
        }

        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            operation.Tags = null;
            (operation.Responses ??= [])["default"] = new OpenApiResponse
            {
                Description = "Refused. `detail` says why; on metered routes the provider's own error envelope stands beside it.",
            };
        }

        return Task.CompletedTask;
    }

    /// <summary>Routes whose bodies are the providers', so that the provider's own description is the one to read.</summary>
    private static void AddForwarded(OpenApiDocument document, RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.SingleOrDefault();
        if (method is null || document.Paths.ContainsKey(path) || path == "/openapi.json")
        {
            return;
        }

        var metered = endpoint.Metadata.GetMetadata<IDialect>() is not null;
        var operation = new OpenApiOperation
        {
            Summary = metered ? "Metered: the provider's request and answer, under the agent's budget." : null,
            Parameters = [.. endpoint.RoutePattern.Parameters.Select(parameter => Parameter(parameter.Name, ParameterLocation.Path))],
            Responses = new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "OK" } },
        };
        if (metered && !path.Contains("{agent}", StringComparison.Ordinal))
        {
            operation.Parameters.Add(Parameter("x-cynsta-agent-id", ParameterLocation.Header, required: false, "Who calls. An agent's key says so too."));
        }

        document.Paths[path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Parse(method)] = operation },
        };
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation where, bool required = true, string? description = null) => new()
    {
        Name = name,
        In = where,
        Required = required,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
