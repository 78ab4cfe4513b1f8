using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that create, name, list and delete agents, and start their runs.</summary>
internal static class AgentEndpoints
{
    private const int LongestName = 200;

    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents", async (HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var name = Name(body.RootElement);
            var own = OwnId(body.RootElement);
            var agent = IdempotencyKey.Of(context) is { } key
                ? await CreateOnceAsync(caller.Engine, name, own ?? IdempotencyKey.IdOf(key), key, context.RequestAborted)
                : await caller.Engine.CreateAgentAsync(name, own, cancellationToken: context.RequestAborted);
            return TypedResults.Json(new AgentCreated(agent.Id.Value), ControlJson.Default.AgentCreated);
        }).Accepts<NewAgentRequest>("application/json").Produces<AgentCreated>().Allow(AccessRule.Admin);

        routes.MapAgentList();

        routes.MapGet("/v1/agents/{agent}", async (string agent, HttpContext context, Admission caller) =>
        {
            var found = await caller.Engine.FindAgentAsync(Id(agent), context.RequestAborted) ?? throw NotFound.Agent(agent);
            return TypedResults.Json(AgentBody.Of(found), ControlJson.Default.AgentBody);
        }).Produces<AgentBody>().Allow(AccessRule.Read);

        routes.MapPatch("/v1/agents/{agent}", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadAsync(context, settings.MaxRequestBytes);
            var name = Name(body.RootElement) ?? throw new BadRequestException("'name' is missing or empty. Give the agent a name.");
            var renamed = await caller.Engine.RenameAgentAsync(Id(agent), name, context.RequestAborted) ?? throw NotFound.Agent(agent);
            return TypedResults.Json(AgentBody.Of(renamed), ControlJson.Default.AgentBody);
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
        SpendGuardEngine engine, string? name, AgentId id, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.CreateAgentAsync(name, id, cancellationToken: cancellationToken);
        }
        catch (IdConflictException)
        {
            return await engine.FindAgentAsync(id, cancellationToken) is { } existing && existing.Name == name
                ? existing
                : throw new BadRequestException(
                    $"The idempotency key '{key}' was used before for an agent that has another name now, or was deleted. Use a new key.",
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

    private static string? Name(JsonElement body)
    {
        var name = body.FindString("name")?.Trim();
        if (name is { Length: > LongestName } || name?.Any(char.IsControl) == true)
        {
            throw new BadRequestException($"'name' has to be at most {LongestName} characters without control characters.");
        }

        return string.IsNullOrEmpty(name) ? null : name;
    }
}
