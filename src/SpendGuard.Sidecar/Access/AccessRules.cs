namespace SpendGuard.Sidecar.Access;

/// <summary>Puts rules on routes, and finds routes without one.</summary>
internal static class AccessRules
{
    /// <summary>Says who may use the routes.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder routes, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(rule);

    public static AccessRule Of(Endpoint endpoint) => Find(endpoint)
        ?? throw new InvalidOperationException($"The route '{endpoint.DisplayName}' does not say who may use it.");

    /// <exception cref="InvalidOperationException">A route has no rule; it would be open to anyone or to nobody, and neither was meant.</exception>
    public static void RequireOnEveryRoute(this IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints))
        {
            Of(endpoint);
        }
    }

    // Metadata of a value type cannot be asked for by its type.
    private static AccessRule? Find(Endpoint endpoint) => endpoint.Metadata.OfType<AccessRule>().Select(rule => (AccessRule?)rule).LastOrDefault();
}
