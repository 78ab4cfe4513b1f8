using SpendGuard.Keys;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>
/// On one machine: whoever can connect may spend, unless keys are required; who presents an agent's key is that agent; who may set budgets
/// can be limited to those that have one key.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="adminKey">The key of the control routes, which are everyone's while there is none.</param>
/// <param name="settings">Say whether keys are required.</param>
internal sealed class LocalAccess(SpendGuardEngine engine, AdminKey adminKey, SidecarSettings settings) : IAccessControl
{
    private readonly Admission _admission = new(engine);
    private readonly Admission _admin = new(engine, By: Admission.AdminKey);

    public async ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule)
    {
        // Keys of other forms are the SDKs' own fillers, or a provider's: they say nothing here.
        var keys = PresentedKey.All(context);
        if (PresentedKey.Own(keys) is { } own)
        {
            var key = ApiKeySecret.TryParse(own, out var secret) ? await engine.Keys.FindAsync(secret, context.RequestAborted) : null;
            if (key is not null)
            {
                await AgentOfKey.RequireAsync(engine, key.Agent, context, rule);
                return new Admission(engine, key.Agent, key.Name ?? key.Id);
            }

            // An admin key that somebody has made up may look like one of an agent's.
            return adminKey.Opens(own) ? _admin : throw PresentedKey.Invalid();
        }

        if (settings.RequireKeys || (rule is AccessRule.Read or AccessRule.Admin && adminKey.IsSet))
        {
            RequireAdminKey(keys);
            return _admin;
        }

        return _admission;
    }

    private void RequireAdminKey(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            throw PresentedKey.Missing(AdminKey.WhereItIs);
        }

        if (!keys.Any(adminKey.Opens))
        {
            throw PresentedKey.Invalid(AdminKey.WhereItIs);
        }
    }
}
