namespace SpendGuard.Sidecar.Access;

/// <summary>On one machine: whoever can connect may spend; who may set budgets can be limited to those that have one key.</summary>
/// <param name="engine">The engine.</param>
/// <param name="adminKey">The key of the control routes, which are everyone's while there is none.</param>
internal sealed class LocalAccess(SpendGuardEngine engine, AdminKey adminKey) : IAccessControl
{
    private readonly Admission _admission = new(engine);

    public ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule)
    {
        if (rule is (AccessRule.Read or AccessRule.Admin) && adminKey.IsSet)
        {
            var key = PresentedKey.Of(context) ?? throw PresentedKey.Missing(AdminKey.WhereItIs);
            if (!adminKey.Opens(key))
            {
                throw PresentedKey.Invalid(AdminKey.WhereItIs);
            }
        }

        return ValueTask.FromResult(_admission);
    }
}
