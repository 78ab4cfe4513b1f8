using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.Storage;

/// <summary>The keys of a store that forgets everything with its process.</summary>
/// <param name="find">Finds an agent, deleted ones included.</param>
internal sealed class InMemoryKeys(Func<AgentId, Agent?> find) : IAgentKeyStore
{
    private readonly Lock _lock = new();
    private readonly List<(AgentKey Key, ReadOnlyMemory<byte> Hash)> _keys = [];

    public ValueTask<bool> AddAsync(AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var added = find(key.Agent) is { DeletedAt: null };
            if (added)
            {
                _keys.Add((key, secret.Hash));
            }

            return new ValueTask<bool>(added);
        }
    }

    public ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<AgentKey?>(_keys
                .Where(kept => secret.Matches(kept.Hash.Span))
                .Select(kept => Now(kept.Key))
                .FirstOrDefault(key => key.RevokedAt is null));
        }
    }

    public ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<IReadOnlyList<AgentKey>>([.. _keys.Select(kept => Now(kept.Key)).Where(key => key.Agent == agent)]);
        }
    }

    public ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var at = _keys.FindIndex(kept => kept.Key.Id == id && kept.Key.Agent == agent);
            if (at < 0)
            {
                return new ValueTask<AgentKey?>((AgentKey?)null);
            }

            var (key, hash) = _keys[at];
            _keys[at] = (key with { RevokedAt = key.RevokedAt ?? now }, hash);
            return new ValueTask<AgentKey?>(Now(_keys[at].Key));
        }
    }

    /// <summary>A key of an agent that was deleted is out of force with it.</summary>
    private AgentKey Now(AgentKey key) => key with { RevokedAt = key.RevokedAt ?? find(key.Agent)?.DeletedAt };
}
