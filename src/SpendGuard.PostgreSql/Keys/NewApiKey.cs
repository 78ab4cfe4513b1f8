using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>A key that is asked for.</summary>
/// <param name="Organization">The organisation whose agents it opens.</param>
/// <param name="Scopes">What it opens.</param>
/// <param name="Agent">The only agent that it opens; null for all of the organisation.</param>
/// <param name="Name">What it is for, for people.</param>
/// <param name="Live">Whether it is for real use; a test key is told apart by its look only.</param>
internal sealed record NewApiKey(string Organization, ApiKeyScopes Scopes, AgentId? Agent, string? Name, bool Live)
{
    /// <exception cref="ArgumentException">Says what is wrong and what to do.</exception>
    public static void Check(NewApiKey key)
    {
        Identifier.Validate(key.Organization, "organisation");
        if (key.Scopes is not (ApiKeyScopes.Use or ApiKeyScopes.Admin or (ApiKeyScopes.Use | ApiKeyScopes.Admin)))
        {
            throw new ArgumentException("A key needs cap:use, cap:admin or both.", nameof(key));
        }

        if (key.Agent is not null && key.Scopes.HasFlag(ApiKeyScopes.Admin))
        {
            throw new ArgumentException("A key for one agent cannot have cap:admin: the agent could raise its own budget. Leave cap:admin out.", nameof(key));
        }

        AgentKey.CheckName(key.Name);
    }
}
