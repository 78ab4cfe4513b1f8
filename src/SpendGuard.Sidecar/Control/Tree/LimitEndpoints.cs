using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The routes that set, list and remove the limits of agents and groups. An agent's total is its budget.</summary>
internal static class LimitEndpoints
{
    public static void MapLimits(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/agents/{agent}/limits/{window}", async (string agent, string window, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            var limit = await ReadAsync(window, context, settings);
            await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            await caller.Engine.SetLimitAsync(AgentEndpoints.Id(agent), limit, caller.By, context.RequestAborted);
            return Answer(await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted), limit.Window);
        }).Accepts<LimitRequest>("application/json").Produces<LimitBody>().Allow(AccessRule.Admin);

        // One of a group that is not known creates it, as in process.
        routes.MapPut("/v1/groups/{group}/limits/{window}", async (string group, string window, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            var limit = await ReadAsync(window, context, settings);
            var id = NodePath.NewGroupId(group);
            if (await NodePath.FindAsync(caller, id, NodeKind.Agent, context.RequestAborted) is not null)
            {
                throw NotFound.Group(group);
            }

            await caller.Engine.SetLimitAsync(id, limit, caller.By, context.RequestAborted);
            return Answer(await NodePath.RequireGroupAsync(caller, group, context.RequestAborted), limit.Window);
        }).Accepts<LimitRequest>("application/json").Produces<LimitBody>().Allow(AccessRule.Admin).Accepting(AcceptedNames.NamesOnly);

        routes.MapGet("/v1/agents/{agent}/limits", async (string agent, HttpContext context, Admission caller) =>
            Answer(await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted))).Produces<LimitList>().Allow(AccessRule.Read);

        routes.MapGet("/v1/groups/{group}/limits", async (string group, HttpContext context, Admission caller) =>
            Answer(await NodePath.RequireGroupAsync(caller, group, context.RequestAborted))).Produces<LimitList>().Allow(AccessRule.Read);

        routes.MapDelete("/v1/agents/{agent}/limits/{window}", async (string agent, string window, HttpContext context, Admission caller) =>
            await RemoveAsync(caller, await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted), window, context.RequestAborted))
            .Produces<LimitRemoved>().Allow(AccessRule.Admin);

        routes.MapDelete("/v1/groups/{group}/limits/{window}", async (string group, string window, HttpContext context, Admission caller) =>
            await RemoveAsync(caller, await NodePath.RequireGroupAsync(caller, group, context.RequestAborted), window, context.RequestAborted))
            .Produces<LimitRemoved>().Allow(AccessRule.Admin);
    }

    private static async Task<Limit> ReadAsync(string window, HttpContext context, SidecarSettings settings)
    {
        using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
        var amount = body.RootElement.FindAmount("amount") ?? throw new BadRequestException("'amount_cents' is missing.");
        var limit = Limit.Of(amount, Window(window, body.RootElement.FindString("zone"))).AlertingAt([.. AlertAt.Read(body.RootElement)]);
        return ActionName.Find(body.RootElement, "action") switch
        {
            LimitAction.Pause => limit.ThatPauses(),
            LimitAction.Ask => limit.ThatAsks(),
            _ => limit,
        };
    }

    private static LimitWindow Window(string name, string? zone)
    {
        try
        {
            return LimitWindow.Parse(name, zone);
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException(exception.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static async Task<IResult> RemoveAsync(Admission caller, IReadOnlyList<NodeBudgets> path, string window, CancellationToken cancellationToken)
    {
        var node = path[0].Node.Id;
        var removed = Window(window, zone: null);
        return await caller.Engine.RemoveLimitAsync(node, removed, caller.By, cancellationToken)
            ? TypedResults.Json(new LimitRemoved(removed.Name, Removed: true), ControlJson.Default.LimitRemoved)
            : throw NotFound.Limit(node.Value, removed.Name);
    }

    private static Answers.JsonHttpResult<LimitList> Answer(IReadOnlyList<NodeBudgets> path) => TypedResults.Json(new LimitList(LimitBody.AllOf(path[0]), path[0].Node.IdenticalCalls), ControlJson.Default.LimitList);

    private static Answers.JsonHttpResult<LimitBody> Answer(IReadOnlyList<NodeBudgets> path, LimitWindow window) => TypedResults.Json(
        LimitBody.AllOf(path[0]).FirstOrDefault(limit => limit.Window == window.Name) ?? throw NotFound.Limit(path[0].Node.Id.Value, window.Name),
        ControlJson.Default.LimitBody);
}
