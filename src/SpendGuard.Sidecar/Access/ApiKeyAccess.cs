using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>In hosted mode: every caller has a key, which names its organisation and what it may do there.</summary>
internal sealed class ApiKeyAccess(ApiKeyStore keys, OrganizationEngines engines) : IAccessControl
{
    public async ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule)
    {
        var presented = PresentedKey.Of(context) ?? throw PresentedKey.Missing();
        var key = ApiKeySecret.TryParse(presented, out var secret) ? await keys.FindAsync(secret, context.RequestAborted) : null;
        if (key is null)
        {
            throw PresentedKey.Invalid();
        }

        RequireScope(key, rule);
        RequireAgent(key, context);
        return new Admission(engines.Of(key.Organization));
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

    /// <summary>Whether there is such an agent is not looked at, so that the answer does not tell.</summary>
    private static void RequireAgent(ApiKey key, HttpContext context)
    {
        if (key.Agent is { } bound && Caller.AgentNamed(context) is { } named && named != bound.Value)
        {
            throw new BadRequestException("The API key is for another agent. Use a key of this agent's.", StatusCodes.Status403Forbidden);
        }
    }
}
