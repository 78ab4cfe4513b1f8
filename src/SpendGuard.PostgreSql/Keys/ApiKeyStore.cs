using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.PostgreSql.Schema;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>The keys of all organisations, in the database that has their budgets.</summary>
/// <remarks>Thread-safe. Nothing is cached: a key that has been revoked opens nothing any more.</remarks>
/// <param name="database">The database.</param>
/// <param name="logger">Where its failures are reported.</param>
/// <param name="patience">How long something is tried; 10 seconds when null.</param>
/// <param name="clock">What that is measured by; the system's when null.</param>
/// <param name="opening">What brings the tables about before they are used; null when somebody else does.</param>
internal sealed class ApiKeyStore(
    PostgresConnections database, ILogger logger, TimeSpan? patience = null, TimeProvider? clock = null, StoreOpening? opening = null)
{
    private const string Insert =
        """
        INSERT INTO spendguard.keys (id, hash, organization, scopes, agent, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    // One that an earlier try has written is written once more: what is answered has to be durable.
    private const string InsertOfAgent =
        """
        INSERT INTO spendguard.keys (id, hash, organization, scopes, agent, name, created_at)
        SELECT $1, $2, tenant, $3, nodes.id, $4, $5 FROM spendguard.nodes WHERE tenant = $6 AND nodes.id = $7 AND kind = 'agent' AND deleted_at IS NULL
        ON CONFLICT (id) DO UPDATE SET name = excluded.name
        """;

    // A key may be made before its agent. One of an agent that was deleted is out of force with it, whoever deleted it.
    private const string Select =
        """
        SELECT key.id, organization, scopes, agent, key.name, key.created_at, coalesce(revoked_at, nodes.deleted_at), hash
        FROM spendguard.keys AS key LEFT JOIN spendguard.nodes ON tenant = organization AND nodes.id = agent

        """;

    private const string Find = Select + "WHERE key.id = $1";
    private const string FindByHash = Select + "WHERE hash = $1 AND nodes.deleted_at IS NULL";
    private const string List = Select + "WHERE ($1 IS NULL OR organization = $1) AND ($2 IS NULL OR agent = $2) ORDER BY key.created_at, key.id";

    // Without its hash a revoked key is looked for as one that never was: nobody can tell the two apart by the time it takes.
    // It writes what was revoked before once more: what is answered has to be durable, whoever has committed it first.
    private const string Revoke = "UPDATE spendguard.keys SET revoked_at = coalesce(revoked_at, $2), hash = NULL WHERE id = $1";
    private const string RevokeOfAgent = Revoke + " AND organization = $3 AND agent = $4";

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);

    /// <summary>What is compared when there is no such key, so that it takes the time that it takes with one.</summary>
    internal static readonly byte[] NoHash = new byte[32];

    /// <summary>Makes a key. Its text is in the answer and nowhere else.</summary>
    /// <exception cref="ArgumentException">The key would open nothing, or is for one agent and could set its budget.</exception>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKeySecret> CreateAsync(NewApiKey request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        NewApiKey.Check(request);
        var secret = ApiKeySecret.Create(request.Live);
        await RunAsync(
            Insert,
            command => command
                .With(secret.Id)
                .With(secret.Hash.ToArray())
                .With(request.Organization)
                .With((int)request.Scopes)
                .With(request.Agent?.Value)
                .With(request.Name)
                .With(now.UtcTicks),
            cancellationToken).ConfigureAwait(false);
        return secret;
    }

    /// <summary>Keeps a key of an agent's.</summary>
    /// <returns>Whether there is such an agent; without one nothing is kept.</returns>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<bool> AddAsync(string organization, AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken)
    {
        await RunAsync(
            InsertOfAgent,
            command => command
                .With(secret.Id)
                .With(secret.Hash.ToArray())
                .With((int)ApiKeyScopes.Use)
                .With(key.Name)
                .With(key.CreatedAt.UtcTicks)
                .With(organization)
                .With(key.Agent.Value),
            cancellationToken).ConfigureAwait(false);
        return (await RunAsync(Find, command => command.With(secret.Id), cancellationToken).ConfigureAwait(false)).Count == 1;
    }

    /// <summary>The key that a caller presents, or null when it is not known or has been revoked.</summary>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        var found = await RunAsync(FindByHash, command => command.With(secret.Hash.ToArray()), cancellationToken).ConfigureAwait(false);
        var (key, hash) = found.Count == 1 ? found[0] : (null, NoHash);
        return secret.Matches(hash) ? key : null;
    }

    /// <summary>The keys, oldest first, revoked ones included.</summary>
    /// <param name="organization">Only this organisation's; null for all.</param>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string? organization, AgentId? agent, CancellationToken cancellationToken) =>
        [.. (await RunAsync(List, command => command.With(organization).With(agent?.Value), cancellationToken).ConfigureAwait(false)).Select(found => found.Key)];

    /// <summary>Takes a key out of force, for good.</summary>
    /// <returns>The key; null when there is none with the id.</returns>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKey?> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RunAsync(Revoke, command => command.With(id).With(now.UtcTicks), cancellationToken).ConfigureAwait(false);
        var found = await RunAsync(Find, command => command.With(id), cancellationToken).ConfigureAwait(false);
        return found.Count == 1 ? found[0].Key : null;
    }

    /// <summary>Takes a key of an agent's out of force, for good.</summary>
    /// <returns>The key; null when the agent has none with the id.</returns>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKey?> RevokeAsync(string organization, AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RunAsync(
            RevokeOfAgent, command => command.With(id).With(now.UtcTicks).With(organization).With(agent.Value), cancellationToken).ConfigureAwait(false);
        var found = await RunAsync(Find, command => command.With(id), cancellationToken).ConfigureAwait(false);
        return found is [var (key, _)] && key.Organization == organization && key.Agent == agent ? key : null;
    }

    private async Task<List<(ApiKey Key, byte[] Hash)>> RunAsync(
        string sql, Func<NpgsqlBatchCommand, NpgsqlBatchCommand> bind, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.WithinAsync(_patience, clock ?? TimeProvider.System, time => OnceAsync(sql, bind, time), logger, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or CommitInDoubtException)
        {
            throw PostgresFaults.Explain(exception, mayHaveTakenEffect: sql is Insert or InsertOfAgent or Revoke or RevokeOfAgent);
        }
    }

    private async Task<List<(ApiKey Key, byte[] Hash)>> OnceAsync(
        string sql, Func<NpgsqlBatchCommand, NpgsqlBatchCommand> bind, CancellationToken cancellationToken)
    {
        if (opening is not null)
        {
            await opening.EnsureAsync(cancellationToken).ConfigureAwait(false);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection);
        bind(batch.Add(sql));
        var keys = new List<(ApiKey, byte[])>();
        using var notices = new CommitNotices(connection);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            keys.Add((Read(rows), rows.IsDBNull(7) ? NoHash : rows.GetFieldValue<byte[]>(7)));
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        notices.ThrowIfInDoubt();
        return keys;
    }

    private static ApiKey Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Organization = row.GetString(1),
        Scopes = (ApiKeyScopes)row.GetInt32(2),
        Agent = row.IsDBNull(3) ? (AgentId?)null : new AgentId(row.GetString(3)),
        Name = row.IsDBNull(4) ? null : row.GetString(4),
        CreatedAt = new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
        RevokedAt = row.IsDBNull(6) ? null : new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
    };
}
