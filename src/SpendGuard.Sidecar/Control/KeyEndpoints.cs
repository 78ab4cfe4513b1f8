using SpendGuard.Keys;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that make, list and revoke the keys of an agent.</summary>
/// <remarks>
/// There is no idempotency key: a key is shown once and kept as a hash, so that it cannot be answered again. Who asks twice has two keys,
/// and revokes the one that was not shown to anybody.
/// </remarks>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents/{agent}/keys", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var name = Name(body.RootElement.FindString("name"));
            var id = await RequireAgentAsync(caller, agent, context.RequestAborted);
            var made = await caller.Engine.Keys.CreateAsync(id, name, context.RequestAborted);

            // What is shown once is kept by nobody on the way.
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(KeyCreated.Of(made), ControlJson.Default.KeyCreated);
        }).Accepts<KeyRequest>("application/json").Produces<KeyCreated>().Allow(AccessRule.Admin);

        routes.MapGet("/v1/agents/{agent}/keys", async (string agent, HttpContext context, Admission caller) =>
        {
            var id = await RequireAgentAsync(caller, agent, context.RequestAborted);
            var keys = await caller.Engine.Keys.ListAsync(id, context.RequestAborted);
            return TypedResults.Json(new KeyList([.. keys.Select(KeyBody.Of)]), ControlJson.Default.KeyList);
        }).Produces<KeyList>().Allow(AccessRule.Admin);

        routes.MapDelete("/v1/agents/{agent}/keys/{key}", async (string agent, string key, HttpContext context, Admission caller) =>
        {
            var id = await RequireAgentAsync(caller, agent, context.RequestAborted);
            var revoked = await caller.Engine.Keys.RevokeAsync(id, key, context.RequestAborted) ?? throw NotFound.Key(agent, key);
            return TypedResults.Json(KeyBody.Of(revoked), ControlJson.Default.KeyBody);
        }).Produces<KeyBody>().Allow(AccessRule.Admin);
    }

    private static async Task<AgentId> RequireAgentAsync(Admission caller, string agent, CancellationToken cancellationToken)
    {
        var id = AgentEndpoints.Id(agent);
        return await caller.Engine.FindAgentAsync(id, cancellationToken) is null ? throw NotFound.Agent(agent) : id;
    }

    private static string? Name(string? name)
    {
        try
        {
            return AgentKey.CheckName(string.IsNullOrWhiteSpace(name) ? null : name.Trim());
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException($"'name' is no name. {exception.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
