using System.Text.Json;
using Microsoft.OpenApi;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>The route that lists agents: all, as the original does, or a page. Nobody has to hold all of them.</summary>
internal static class AgentListEndpoint
{
    public static void MapAgentList(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/v1/agents",
        async Task<IResult> (string? after, string? limit, HttpContext context, Admission caller) =>
            string.IsNullOrEmpty(after) && string.IsNullOrEmpty(limit)
                ? new AllAgents(caller.Engine)
                : TypedResults.Json(await ReadPageAsync(caller.Engine, after, limit, context.RequestAborted), ControlJson.Default.AgentList))
        .Produces<AgentList>()
        .DescribePage("The id of the last agent that is known already.", new OpenApiSchema { Type = JsonSchemaType.String })
        .Allow(AccessRule.Admin);

    private static async Task<AgentList> ReadPageAsync(SpendGuardEngine engine, string? after, string? limit, CancellationToken cancellationToken)
    {
        var most = PageQuery.Limit(limit);
        var known = string.IsNullOrEmpty(after) ? (AgentId?)null : AgentEndpoints.Id(after);
        var agents = new List<AgentBody>(most);
        var above = new PausesAbove(engine);
        await foreach (var agent in engine.ReadAgentsAsync(known, cancellationToken))
        {
            if (agents.Count == most)
            {
                return new AgentList(agents, agents[^1].AgentId, HasMore: true);
            }

            agents.Add(await AgentBody.OfAsync(agent, above, cancellationToken));
        }

        return new AgentList(agents, agents.Count > 0 ? agents[^1].AgentId : after, HasMore: false);
    }

    /// <summary>Writes them as they come out of the store.</summary>
    private sealed class AllAgents(SpendGuardEngine engine) : IResult
    {
        private const int Chunk = 16 << 10;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var stop = httpContext.RequestAborted;
            await using var agents = engine.ReadAgentsAsync(cancellationToken: stop).GetAsyncEnumerator(stop);

            // Before a byte is written: a store that cannot be read is answered with why. Later on the answer breaks off.
            var above = new PausesAbove(engine);
            var more = await agents.MoveNextAsync();
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteStartArray("agents"u8);
            for (; more; more = await agents.MoveNextAsync())
            {
                JsonSerializer.Serialize(json, await AgentBody.OfAsync(agents.Current, above, stop), ControlJson.Default.AgentBody);
                if (json.BytesPending > Chunk)
                {
                    await json.FlushAsync(stop);
                    await httpContext.Response.BodyWriter.FlushAsync(stop);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
