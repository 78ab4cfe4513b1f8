using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Settings;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The routes that pause agents and groups, and let them go on.</summary>
internal static class PauseEndpoints
{
    public static void MapPauses(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents/{agent}/pause", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return await AgentOfAsync(caller, await PauseAsync(caller, AgentEndpoints.Id(agent), context, settings), context.RequestAborted);
        }).Accepts<PauseRequest>("application/json").Produces<AgentBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/groups/{group}/pause", async (string group, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            await NodePath.RequireGroupAsync(caller, group, context.RequestAborted);
            return await GroupOfAsync(caller, await PauseAsync(caller, NodePath.GroupId(group), context, settings), context.RequestAborted);
        }).Accepts<PauseRequest>("application/json").Produces<GroupBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/agents/{agent}/resume", async (string agent, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return await AgentOfAsync(caller, await caller.Engine.ResumeAsync(AgentEndpoints.Id(agent), caller.By, context.RequestAborted), context.RequestAborted);
        }).Produces<AgentBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/groups/{group}/resume", async (string group, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireGroupAsync(caller, group, context.RequestAborted);
            return await GroupOfAsync(caller, await caller.Engine.ResumeAsync(NodePath.GroupId(group), caller.By, context.RequestAborted), context.RequestAborted);
        }).Produces<GroupBody>().Allow(AccessRule.Admin);
    }

    private static async Task<Node> PauseAsync(Admission caller, NodeId node, HttpContext context, SidecarSettings settings)
    {
        using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
        return await caller.Engine.PauseAsync(node, NodeChange.ReasonOf(body.RootElement), caller.By, context.RequestAborted);
    }

    private static async Task<Answers.JsonHttpResult<AgentBody>> AgentOfAsync(Admission caller, Node node, CancellationToken cancellationToken) =>
        TypedResults.Json(await AgentBody.OfAsync(node.ToAgent()!, new PausesAbove(caller.Engine), cancellationToken), ControlJson.Default.AgentBody);

    private static async Task<Answers.JsonHttpResult<GroupBody>> GroupOfAsync(Admission caller, Node node, CancellationToken cancellationToken) =>
        TypedResults.Json(await GroupBody.OfAsync(node, new PausesAbove(caller.Engine), cancellationToken), ControlJson.Default.GroupBody);
}
