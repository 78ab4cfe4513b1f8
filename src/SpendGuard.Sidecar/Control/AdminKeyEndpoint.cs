using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Control;

/// <summary>The route that makes the key of the control routes, while there is none.</summary>
internal static class AdminKeyEndpoint
{
    public static void MapAdminKey(this IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/admin-key", static (AdminKey key) => TypedResults.Ok(new AdminKeyCreated(key.Make())))
        .Allow(AccessRule.Admin);
}

/// <param name="Key">The key; it is not shown again.</param>
internal sealed record AdminKeyCreated([property: JsonPropertyName("admin_key")] string Key);
