using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>What is known of a key. The key itself is not kept anywhere, only its hash.</summary>
internal sealed record ApiKey
{
    /// <summary>Names the key, for people; 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The organisation whose agents the key opens: the tenant of the budget store.</summary>
    public required string Organization { get; init; }

    /// <summary>What it opens.</summary>
    public required ApiKeyScopes Scopes { get; init; }

    /// <summary>The only agent that it opens; null for all of its organisation.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>What it is for, for people.</summary>
    public string? Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked; null while it is in force.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
