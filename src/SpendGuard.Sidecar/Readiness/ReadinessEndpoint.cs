using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>The route that tells whether calls can be served. Liveness is another one: a restart mends no price server.</summary>
internal static class ReadinessEndpoint
{
    public static void MapReadiness(this IEndpointRouteBuilder routes) => routes.MapGet("/ready", static async context =>
    {
        var answer = await context.RequestServices.GetRequiredService<ReadinessCheck>().RunAsync(context.RequestAborted);
        context.Response.StatusCode = answer.Reasons is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(answer, ReadinessJson.Default.ReadinessAnswer, cancellationToken: context.RequestAborted);
    }).Allow(AccessRule.Open);
}
