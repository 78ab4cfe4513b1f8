using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that create, name, list and delete agents, and start their runs.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents", async (HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var made = await NodeChange.ReadAsync(caller, body.RootElement, context.RequestAborted);
            var own = OwnId(body.RootElement);
            var agent = IdempotencyKey.Of(context) is { } key
                ? await CreateOnceAsync(caller.Engine, made, own ?? IdempotencyKey.IdOf(key), key, context.RequestAborted)
                : await caller.Engine.CreateAgentAsync(made.Name, own, made.Under, made.UniqueName, context.RequestAborted);
            return TypedResults.Json(new AgentCreated(agent.Id.Value), ControlJson.Default.AgentCreated);
        }).Accepts<NewAgentRequest>("application/json").Produces<AgentCreated>().Allow(AccessRule.Admin);

        routes.MapAgentList();

        routes.MapGet("/v1/agents/{agent}", async (string agent, HttpContext context, Admission caller) =>
        {
            var found = await caller.Engine.FindAgentAsync(Id(agent), context.RequestAborted) ?? throw NotFound.Agent(agent);
            return TypedResults.Json(await AgentBody.OfAsync(found, new PausesAbove(caller.Engine), context.RequestAborted), ControlJson.Default.AgentBody);
        }).Produces<AgentBody>().Allow(AccessRule.Read);

        routes.MapPatch("/v1/agents/{agent}", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var change = await NodeChange.ReadAsync(caller, body.RootElement, context.RequestAborted);
            Agent? changed = null;
            if (change.Moves)
            {
                await NodePath.RequireAgentAsync(caller, agent, context.RequestAborted);
                changed = (await caller.Engine.MoveAsync(Id(agent), change.Under, caller.By, context.RequestAborted)).ToAgent();
            }

            if (change.Name is not null || !change.Moves)
            {
                changed = await caller.Engine.RenameAgentAsync(
                    Id(agent), change.Name ?? throw new BadRequestException("'name' is missing or empty. Give the agent a name."), change.UniqueName, context.RequestAborted);
            }

            return TypedResults.Json(
                await AgentBody.OfAsync(changed ?? throw NotFound.Agent(agent), new PausesAbove(caller.Engine), context.RequestAborted), ControlJson.Default.AgentBody);
        }).Accepts<AgentRequest>("application/json").Produces<AgentBody>().Allow(AccessRule.Admin);

        routes.MapDelete("/v1/agents/{agent}", async (string agent, HttpContext context, Admission caller) =>
            await caller.Engine.DeleteAgentAsync(Id(agent), context.RequestAborted)
                ? TypedResults.Json(new AgentDeleted(agent, Deleted: true), ControlJson.Default.AgentDeleted)
                : throw NotFound.Agent(agent)).Produces<AgentDeleted>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/agents/{agent}/runs", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            _ = await caller.Engine.FindAgentAsync(Id(agent), context.RequestAborted) ?? throw NotFound.Agent(agent);
            return TypedResults.Json(new RunCreated(Guid.NewGuid().ToString()), ControlJson.Default.RunCreated);
        }).Produces<RunCreated>().Allow(AccessRule.Use);
    }

    /// <summary>The id in a route. What cannot be an id names no agent.</summary>
    internal static AgentId Id(string agent)
    {
        try
        {
            return new AgentId(agent);
        }
        catch (ArgumentException)
        {
            throw NotFound.Agent(agent);
        }
    }

    /// <summary>Under one key one agent: its id comes of the key unless it is given, so that two requests at once cannot make two.</summary>
    private static async Task<Agent> CreateOnceAsync(
        SpendGuardEngine engine, NodeChange made, AgentId id, string key, CancellationToken cancellationToken)
    {
        var (name, under) = (made.Name, made.Under);
        try
        {
            return await engine.CreateAgentAsync(name, id, under, made.UniqueName, cancellationToken);
        }
        catch (IdConflictException)
        {
            return await engine.FindAgentAsync(id, cancellationToken) is { } existing && existing.Name == name && (under is null || existing.Parent == under)
                ? existing
                : throw new BadRequestException(
                    $"The idempotency key '{key}' was used before for an agent that has another name now, is under another group, or was deleted. Use a new key.",
                    StatusCodes.Status409Conflict);
        }
    }

    /// <summary>The id that the caller gives the agent; null for one of ours.</summary>
    private static AgentId? OwnId(JsonElement body)
    {
        try
        {
            return body.FindString("agent_id") switch
            {
                null => (AgentId?)null,

                // Nobody could call its routes: a path takes these for its own, encoded or not.
                "." or ".." => throw new BadRequestException("'agent_id' is no id: a path has another use for dots alone."),
                var id when id.Contains('/', StringComparison.Ordinal) => throw new BadRequestException("'agent_id' is no id: it has a slash, which the paths of its routes could not have."),
                var id => new AgentId(id),
            };
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException($"'agent_id' is no id. {exception.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
