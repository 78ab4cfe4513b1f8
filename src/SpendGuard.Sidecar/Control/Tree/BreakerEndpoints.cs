using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The routes that set and remove the breaker of identical calls.</summary>
internal static class BreakerEndpoints
{
    private const int FewestCalls = 2;

    public static void MapBreakers(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/agents/{agent}/breaker", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            var count = await ReadAsync(context, settings);
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return await SetAsync(caller, AgentEndpoints.Id(agent), count, context.RequestAborted);
        }).Accepts<BreakerRequest>("application/json").Produces<BreakerBody>().Allow(AccessRule.Admin);

        // That of a group that is not known creates it, as a limit does.
        routes.MapPut("/v1/groups/{group}/breaker", async (string group, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            var count = await ReadAsync(context, settings);
            var id = NodePath.NewGroupId(group);
            if (await NodePath.FindAsync(caller, id, NodeKind.Agent, context.RequestAborted) is not null)
            {
                throw NotFound.Group(group);
            }

            return await SetAsync(caller, id, count, context.RequestAborted);
        }).Accepts<BreakerRequest>("application/json").Produces<BreakerBody>().Allow(AccessRule.Admin).Accepting(AcceptedNames.NamesOnly);

        routes.MapDelete("/v1/agents/{agent}/breaker", async (string agent, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return await SetAsync(caller, AgentEndpoints.Id(agent), count: null, context.RequestAborted);
        }).Produces<BreakerBody>().Allow(AccessRule.Admin);

        routes.MapDelete("/v1/groups/{group}/breaker", async (string group, HttpContext context, Admission caller) =>
        {
            await NodePath.RequireGroupAsync(caller, group, context.RequestAborted);
            return await SetAsync(caller, NodePath.GroupId(group), count: null, context.RequestAborted);
        }).Produces<BreakerBody>().Allow(AccessRule.Admin);
    }

    private static async Task<int> ReadAsync(HttpContext context, SidecarSettings settings)
    {
        using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
        return body.RootElement.FindCount("identical_calls", FewestCalls) is { } count
            ? (int)Math.Min(count, int.MaxValue)
            : throw new BadRequestException("'identical_calls' is missing.");
    }

    private static async Task<Answers.JsonHttpResult<BreakerBody>> SetAsync(Admission caller, NodeId node, int? count, CancellationToken cancellationToken) =>
        TypedResults.Json(new BreakerBody((await caller.Engine.SetIdenticalCallsAsync(node, count, caller.By, cancellationToken)).IdenticalCalls), ControlJson.Default.BreakerBody);
}
