using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Keys;

/// <summary>The keys of an engine's agents. Who presents an agent's key is that agent.</summary>
/// <remarks>
/// A key that was found is known for a second without asking the store again: one that was revoked elsewhere opens nothing after that, one
/// that was revoked here nothing at once.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class AgentKeys
{
    private readonly IAgentKeyStore? _store;
    private readonly TimeProvider _time;
    private readonly RecentKeys _recent;

    internal AgentKeys(IAgentKeyStore? store, TimeProvider time)
    {
        _store = store;
        _time = time;
        _recent = new RecentKeys(time);
    }

    private IAgentKeyStore Store => _store
        ?? throw new NotSupportedException("The store keeps no keys. Use one that does, such as SQLite or PostgreSQL.");

    /// <summary>Makes a key.</summary>
    /// <param name="agent">Whose it is.</param>
    /// <param name="name">What it is for, for people: 1 to 200 visible characters; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">It cannot have the name.</exception>
    /// <exception cref="AgentNotFoundException">There is no such agent.</exception>
    /// <exception cref="NotSupportedException">The store keeps no keys.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<NewAgentKey> CreateAsync(AgentId agent, string? name = null, CancellationToken cancellationToken = default)
    {
        var secret = ApiKeySecret.Create();
        var key = new AgentKey { Id = secret.Id, Agent = agent, Name = AgentKey.CheckName(name), CreatedAt = _time.GetUtcNow() };
        return await Store.AddAsync(key, secret, cancellationToken).ConfigureAwait(false)
            ? new NewAgentKey(key, secret)
            : throw new AgentNotFoundException(agent);
    }

    /// <summary>The key that a caller presents; null when it is not known, was revoked, or its agent was deleted.</summary>
    /// <param name="secret">Its text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (_store is null)
        {
            return null;
        }

        if (_recent.Find(secret) is { } known)
        {
            return known;
        }

        var question = _recent.Ask();
        var found = await _store.FindAsync(secret, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            _recent.Keep(question, secret, found);
        }

        return found;
    }

    /// <summary>An agent's keys, oldest first, with those that are no longer in force.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotSupportedException">The store keeps no keys.</exception>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken = default) =>
        Store.ListAsync(agent, cancellationToken);

    /// <summary>Takes a key out of force, for good.</summary>
    /// <param name="agent">Whose it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key; null when the agent has none with the id.</returns>
    /// <exception cref="NotSupportedException">The store keeps no keys.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public async ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var revoked = await Store.RevokeAsync(agent, id, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        Forget();
        return revoked;
    }

    /// <summary>Forgets what was found: a key may be out of force now.</summary>
    internal void Forget() => _recent.Forget();
}
