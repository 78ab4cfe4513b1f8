using Microsoft.OpenApi;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The routes that make, move, list and delete groups.</summary>
internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/groups/{group}", async (string group, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var change = await NodeChange.ReadAsync(caller, body.RootElement, context.RequestAborted);
            return await AnswerAsync(caller, await BringInLineAsync(caller, NodePath.NewGroupId(group), change, context.RequestAborted), context.RequestAborted);
        }).Accepts<GroupRequest>("application/json").Produces<GroupBody>().Allow(AccessRule.Admin).Accepting(AcceptedNames.None);

        routes.MapGet("/v1/groups", async (string? after, string? limit, HttpContext context, Admission caller) =>
            TypedResults.Json(await ReadPageAsync(caller.Engine, after, limit, context.RequestAborted), ControlJson.Default.GroupList))
            .Produces<GroupList>()
            .DescribePage("The id of the last group that is known already.", new OpenApiSchema { Type = JsonSchemaType.String })
            .Allow(AccessRule.Admin);

        routes.MapGet("/v1/groups/{group}", async (string group, HttpContext context, Admission caller) =>
            await AnswerAsync(caller, (await NodePath.RequireGroupAsync(caller, group, context.RequestAborted))[0].Node, context.RequestAborted)).Produces<GroupBody>().Allow(AccessRule.Read);

        routes.MapDelete("/v1/groups/{group}", async (string group, HttpContext context, Admission caller) =>
            await caller.Engine.DeleteGroupAsync(NodePath.GroupId(group), caller.By, context.RequestAborted)
                ? TypedResults.Json(new GroupDeleted(group, Deleted: true), ControlJson.Default.GroupDeleted)
                : throw NotFound.Group(group)).Produces<GroupDeleted>().Allow(AccessRule.Admin);
    }

    /// <summary>Makes a group as a request says, or has the one that is there be so. Sent again it changes nothing.</summary>
    private static async Task<Node> BringInLineAsync(Admission caller, NodeId id, NodeChange change, CancellationToken cancellationToken)
    {
        if (await NodePath.FindAsync(caller, id, NodeKind.Group, cancellationToken) is not [{ Node: var group }, ..])
        {
            try
            {
                return await caller.Engine.CreateGroupAsync(id, change.Name, change.Under, caller.By, change.UniqueName, cancellationToken);
            }
            catch (IdConflictException)
            {
                // The same request may have come twice at once, or another that says something else.
                group = await NodePath.FindAsync(caller, id, NodeKind.Group, cancellationToken) is [{ Node: var made }, ..] ? made : null;
                if (group is null)
                {
                    throw;
                }
            }
        }

        if (change.Moves && change.Under != group.Parent)
        {
            group = await caller.Engine.MoveAsync(id, change.Under, caller.By, cancellationToken);
        }

        return change.Name is null || change.Name == group.Name ? group
            : await caller.Engine.RenameGroupAsync(id, change.Name, change.UniqueName, cancellationToken) ?? throw NotFound.Group(id.Value);
    }

    private static async Task<GroupList> ReadPageAsync(SpendGuardEngine engine, string? after, string? limit, CancellationToken cancellationToken)
    {
        var most = PageQuery.Limit(limit);
        var groups = new List<GroupBody>();
        var above = new PausesAbove(engine);
        await foreach (var node in engine.ReadNodesAsync(string.IsNullOrEmpty(after) ? (NodeId?)null : NodePath.GroupId(after), cancellationToken))
        {
            if (node.Node.Kind != NodeKind.Group)
            {
                continue;
            }

            if (groups.Count == most)
            {
                return new GroupList(groups, groups[^1].GroupId, HasMore: true);
            }

            groups.Add(await GroupBody.OfAsync(node.Node, above, cancellationToken));
        }

        return new GroupList(groups, groups.Count > 0 ? groups[^1].GroupId : after, HasMore: false);
    }

    private static async Task<Answers.JsonHttpResult<GroupBody>> AnswerAsync(Admission caller, Node group, CancellationToken cancellationToken) =>
        TypedResults.Json(await GroupBody.OfAsync(group, new PausesAbove(caller.Engine), cancellationToken), ControlJson.Default.GroupBody);
}
