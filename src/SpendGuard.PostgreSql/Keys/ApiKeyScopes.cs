namespace SpendGuard.PostgreSql.Keys;

/// <summary>What a key opens.</summary>
[Flags]
internal enum ApiKeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Calls to models, and the budgets they count for (<c>cap:use</c>).</summary>
    Use = 1,

    /// <summary>Agents and budgets (<c>cap:admin</c>).</summary>
    Admin = 2,
}
