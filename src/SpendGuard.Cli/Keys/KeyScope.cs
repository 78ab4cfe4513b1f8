using SpendGuard.PostgreSql.Keys;

namespace SpendGuard.Cli.Keys;

/// <summary>The scopes of keys under their names.</summary>
internal static class KeyScope
{
    public static ApiKeyScopes Parse(string name) => name == "cap:admin" ? ApiKeyScopes.Admin : ApiKeyScopes.Use;

    public static string[] Names(ApiKeyScopes scopes) =>
    [
        .. scopes.HasFlag(ApiKeyScopes.Use) ? ["cap:use"] : Array.Empty<string>(),
        .. scopes.HasFlag(ApiKeyScopes.Admin) ? ["cap:admin"] : Array.Empty<string>(),
    ];
}
