using SpendGuard.Keys;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>The keys of one tenant's agents. Keys of no agent are not among them.</summary>
internal sealed class PostgresAgentKeys(ApiKeyStore keys, string tenant) : IAgentKeyStore
{
    public async ValueTask<bool> AddAsync(AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken) =>
        await keys.AddAsync(tenant, key, secret, cancellationToken).ConfigureAwait(false);

    public async ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken) =>
        await keys.FindAsync(secret, cancellationToken).ConfigureAwait(false) is { } found && found.Organization == tenant ? Of(found) : null;

    public async ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken) =>
        [.. (await keys.ListAsync(tenant, agent, cancellationToken).ConfigureAwait(false)).Select(Of).OfType<AgentKey>()];

    public async ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(tenant, agent, id, now, cancellationToken).ConfigureAwait(false) is { } revoked ? Of(revoked) : null;

    private static AgentKey? Of(ApiKey key) => key.Agent is { } agent
        ? new AgentKey { Id = key.Id, Agent = agent, Name = key.Name, CreatedAt = key.CreatedAt, RevokedAt = key.RevokedAt }
        : null;
}
