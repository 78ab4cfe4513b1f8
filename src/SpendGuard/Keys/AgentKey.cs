using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Keys;

/// <summary>What is known of an agent's key. The key itself is not kept anywhere, only its hash.</summary>
[Experimental(ApiTier.Stores)]
public sealed record AgentKey
{
    /// <summary>Names the key, for people; 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Who calls with it.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>What it is for, for people.</summary>
    public string? Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, or its agent deleted; null while it is in force.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Gives a name back, if a key may have it.</summary>
    /// <param name="name">The name; null for none.</param>
    /// <exception cref="ArgumentException">It is empty, longer than 200 characters, or no store keeps it as it is.</exception>
    public static string? CheckName(string? name) => name is null || (name.Length is > 0 and <= 200 && Identifier.IsStorable(name))
        ? name
        : throw new ArgumentException("The name of a key has 1 to 200 visible characters.", nameof(name));
}
