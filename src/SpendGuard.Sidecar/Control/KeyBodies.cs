using System.Text.Json.Serialization;
using SpendGuard.Keys;

namespace SpendGuard.Sidecar.Control;

/// <param name="Name">What the key is for, for people.</param>
internal sealed record KeyRequest([property: JsonPropertyName("name")] string? Name = null);

/// <summary>A key that has just been made.</summary>
internal sealed record KeyCreated(
    [property: JsonPropertyName("key_id")] string KeyId,
    [property: JsonPropertyName("api_key")] string ApiKey,
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string CreatedAt)
{
    public static KeyCreated Of(NewAgentKey made) => new(
        made.Key.Id, made.Secret.Reveal(), made.Key.Agent.Value, made.Key.Name, AgentBody.Time(made.Key.CreatedAt));
}

/// <summary>A key without its text, which is kept nowhere.</summary>
internal sealed record KeyBody(
    [property: JsonPropertyName("key_id")] string KeyId,
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("revoked_at")] string? RevokedAt)
{
    public static KeyBody Of(AgentKey key) => new(
        key.Id, key.Agent.Value, key.Name, AgentBody.Time(key.CreatedAt), key.RevokedAt is { } at ? AgentBody.Time(at) : null);
}

/// <summary>An agent's keys, oldest first, with those that are no longer in force.</summary>
internal sealed record KeyList([property: JsonPropertyName("keys")] IReadOnlyList<KeyBody> Keys);
