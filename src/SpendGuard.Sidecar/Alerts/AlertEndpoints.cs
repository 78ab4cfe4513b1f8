using SpendGuard.Alerts;
using SpendGuard.Names;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Alerts;

/// <summary>The routes that show alerts, and deliver them once more.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/alerts", async (string? before, string? node, string? limit, HttpContext context, Admission caller) =>
        {
            var known = PageQuery.Number("before", before, 0, least: 0, most: long.MaxValue);
            var most = PageQuery.Limit(limit);
            var alerts = await caller.Engine.ListAlertsAsync(known > 0 ? known : null, await NodeOfAsync(caller, node, context.RequestAborted), most + 1, context.RequestAborted);
            var page = alerts.Take(most).Select(AlertView.Of).ToList();
            var hasMore = alerts.Count > most;
            return TypedResults.Json(new AlertPage(page, hasMore ? page[^1].Sequence : null, hasMore), ControlJson.Default.AlertPage);
        }).Produces<AlertPage>().DescribePage(
            "before", "The sequence of the last alert that is known already; 0 for the newest.", PageQuery.Whole(0, 0, null)).Allow(AccessRule.Admin);

        routes.MapPost("/v1/alerts/{alert}/replay", async (string alert, HttpContext context, Admission caller) =>
            await caller.Engine.ReplayAlertsAsync(new AlertSelection { Id = alert }, context.RequestAborted) is > 0 and var replayed
                ? Answer(replayed)
                : throw NotFound.Alert(alert))
            .Produces<AlertsReplayed>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/alerts/replay", async (HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var since = body.RootElement.FindString("since") ?? throw new BadRequestException("'since' is missing.");
            return WrittenTime.TryParse(since, out var at)
                ? Answer(await caller.Engine.ReplayAlertsAsync(new AlertSelection { Since = at }, context.RequestAborted))
                : throw new BadRequestException("'since' has to be a time such as 2026-11-24T15:00:00Z.");
        }).Accepts<AlertReplayRequest>("application/json").Produces<AlertsReplayed>().Allow(AccessRule.Admin);
    }

    private static Answers.JsonHttpResult<AlertsReplayed> Answer(int replayed) => TypedResults.Json(new AlertsReplayed(replayed), ControlJson.Default.AlertsReplayed);

    private static async ValueTask<NodeId?> NodeOfAsync(Admission caller, string? node, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(node) ? (NodeId?)null
        : await MeantNode.FindAsync(caller, node, kind: null, cancellationToken) is { } meant ? meant.Id
        : throw NotFound.Node(node);
}
