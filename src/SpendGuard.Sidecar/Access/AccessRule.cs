namespace SpendGuard.Sidecar.Access;

/// <summary>Who may use a route. Every route has a rule; the sidecar does not start with one that has none.</summary>
internal enum AccessRule
{
    /// <summary>Anyone: it tells nothing of any agent.</summary>
    Open,

    /// <summary>Who may spend (<c>cap:use</c>).</summary>
    Use,

    /// <summary>Who may spend or set budgets: it changes nothing.</summary>
    Read,

    /// <summary>Who may create agents and set budgets (<c>cap:admin</c>).</summary>
    Admin,
}
