using Microsoft.OpenApi;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Control.Reports;

/// <summary>The route that tells who spent what.</summary>
internal static class ReportEndpoint
{
    public static void MapReport(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/v1/report",
        async (string? by, string? since, string? until, HttpContext context, Admission caller) => TypedResults.Json(
            ReportBody.Of(await caller.Engine.ReportAsync(ReportParameters.Of(by, since, until), context.RequestAborted)), ControlJson.Default.ReportBody))
        .Produces<ReportBody>()
        .DescribePage("by", "What has a row of its own: agent, model, day, run, function, or several of them separated by commas; or group.", Text)
        .DescribePage("since", "The first day or moment, such as 2026-11-01; the beginning when it is not there.", Text)
        .DescribePage("until", "The first day or moment after.", Text)
        .Allow(AccessRule.Admin);

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };
}
