using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>In hosted mode: every caller has a key, which names its organisation and what it may do there.</summary>
internal sealed class ApiKeyAccess(ApiKeyStore keys, OrganizationEngines engines) : IAccessControl
{
    public async ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule)
    {
        var keysSent = PresentedKey.All(context);
        if (keysSent.Count == 0)
        {
            throw PresentedKey.Missing();
        }

        var key = ApiKeySecret.TryParse(PresentedKey.Own(keysSent), out var secret) ? await keys.FindAsync(secret, context.RequestAborted) : null;
        if (key is null)
        {
            throw PresentedKey.Invalid();
        }

        RequireScope(key, rule);
        var engine = engines.Of(key.Organization);
        if (key.Agent is { } agent)
        {
            await AgentOfKey.RequireAsync(engine, agent, context, rule);
        }

        return new Admission(engine, key.Agent, key.Name ?? key.Id);
    }

    private static void RequireScope(ApiKey key, AccessRule rule)
    {
        var (opening, needed) = rule switch
        {
            AccessRule.Use => (ApiKeyScopes.Use, "cap:use"),
            AccessRule.Read => (ApiKeyScopes.Use | ApiKeyScopes.Admin, "cap:use or cap:admin"),
            _ => (ApiKeyScopes.Admin, "cap:admin"),
        };
        if ((key.Scopes & opening) == ApiKeyScopes.None)
        {
            throw new BadRequestException($"The API key lacks the scope {needed}. Use a key that has it.", StatusCodes.Status403Forbidden);
        }
    }
}
