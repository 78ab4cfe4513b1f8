using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Keys;

/// <summary>Keeps the keys of a store's agents, by their hashes.</summary>
/// <remarks>A key is in force until it is revoked or its agent is deleted. Implementations are thread-safe.</remarks>
[Experimental(ApiTier.Stores)]
public interface IAgentKeyStore
{
    /// <summary>Keeps a key. When the answer is there, it is durable.</summary>
    /// <param name="key">What is known of it.</param>
    /// <param name="secret">Its text, of which the hash is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there is such an agent; without one nothing is kept.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask<bool> AddAsync(AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken);

    /// <summary>The key that a caller presents; null when it is not known or not in force.</summary>
    /// <param name="secret">Its text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken);

    /// <summary>An agent's keys, oldest first, with those that are no longer in force.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>Takes a key out of force, for good. When the answer is there, it is durable.</summary>
    /// <param name="agent">Whose key it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="now">The time; of one that was revoked before, that time stays.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key; null when the agent has none with the id.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken);
}
