using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>The route that tells that the sidecar runs.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", static () => TypedResults.Json(new Health("ok"), HealthJson.Default.Health)).Produces<Health>().Allow(AccessRule.Open);
}

/// <summary>The answer of the liveness route.</summary>
internal sealed record Health([property: JsonPropertyName("status")] string Status);

/// <summary>Writes answers without reflection.</summary>
[JsonSerializable(typeof(Health))]
internal sealed partial class HealthJson : JsonSerializerContext;
