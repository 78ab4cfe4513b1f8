using Microsoft.OpenApi;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The routes that show all agents and groups with what limits them, and what limits one agent.</summary>
internal static class TreeEndpoints
{
    public static void MapTree(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/tree", async (string? after, string? limit, HttpContext context, Admission caller) =>
            TypedResults.Json(await ReadPageAsync(caller.Engine, after, limit, context.RequestAborted), ControlJson.Default.TreePage))
            .Produces<TreePage>()
            .DescribePage("The id of the last agent or group that is known already.", new OpenApiSchema { Type = JsonSchemaType.String })
            .Allow(AccessRule.Admin);

        routes.MapGet("/v1/agents/{agent}/path", async (string agent, HttpContext context, Admission caller) =>
        {
            var path = await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
            return TypedResults.Json(new PathBody([.. path.Select(NodeBody.Of)]), ControlJson.Default.PathBody);
        }).Produces<PathBody>().Allow(AccessRule.Read);
    }

    private static async Task<TreePage> ReadPageAsync(SpendGuardEngine engine, string? after, string? limit, CancellationToken cancellationToken)
    {
        var most = PageQuery.Limit(limit);
        var nodes = new List<NodeBody>(most);
        await foreach (var node in engine.ReadNodesAsync(string.IsNullOrEmpty(after) ? (NodeId?)null : NodePath.GroupId(after), cancellationToken))
        {
            if (nodes.Count == most)
            {
                return new TreePage(nodes, nodes[^1].Id, HasMore: true);
            }

            nodes.Add(NodeBody.Of(node));
        }

        return new TreePage(nodes, nodes.Count > 0 ? nodes[^1].Id : after, HasMore: false);
    }
}
