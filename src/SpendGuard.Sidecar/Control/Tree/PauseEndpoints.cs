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
            return AgentOf(await PauseAsync(caller, AgentEndpoints.Id(agent), context, settings));
        }).Accepts<PauseRequest>("application/json").Produces<AgentBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/groups/{group}/pause", async (string group, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            await NodePath.RequireGroupAsync(caller, group, context.RequestAborted);
            return GroupOf(await PauseAsync(caller, NodePath.GroupId(group), context, settings));
        }).Accepts<PauseRequest>("application/json").Produces<GroupBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/agents/{agent}/resume", async (string agent, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return AgentOf(await caller.Engine.ResumeAsync(AgentEndpoints.Id(agent), caller.By, context.RequestAborted));
        }).Produces<AgentBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/groups/{group}/resume", async (string group, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireGroupAsync(caller, group, context.RequestAborted);
            return GroupOf(await caller.Engine.ResumeAsync(NodePath.GroupId(group), caller.By, context.RequestAborted));
        }).Produces<GroupBody>().Allow(AccessRule.Admin);
    }

    private static async Task<Node> PauseAsync(Admission caller, NodeId node, HttpContext context, SidecarSettings settings)
    {
        using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
        return await caller.Engine.PauseAsync(node, NodeChange.ReasonOf(body.RootElement), caller.By, context.RequestAborted);
    }

    private static Answers.JsonHttpResult<AgentBody> AgentOf(Node node) => TypedResults.Json(AgentBody.Of(node.ToAgent()!), ControlJson.Default.AgentBody);

    private static Answers.JsonHttpResult<GroupBody> GroupOf(Node node) => TypedResults.Json(GroupBody.Of(node), ControlJson.Default.GroupBody);
}
