using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>The keys of all organisations, in the database that has their budgets.</summary>
/// <remarks>Thread-safe. Nothing is cached: a key that has been revoked opens nothing any more.</remarks>
internal sealed class ApiKeyStore(PostgresConnections database, ILogger<ApiKeyStore> logger, TimeSpan? patience = null, TimeProvider? clock = null)
{
    private const string Insert =
        """
        INSERT INTO spendguard.keys (id, hash, organization, scopes, agent, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Select =
        """
        SELECT id, organization, scopes, agent, name, created_at, revoked_at, hash FROM spendguard.keys

        """;

    private const string Find = Select + "WHERE id = $1";
    private const string FindByHash = Select + "WHERE hash = $1";
    private const string List = Select + "WHERE $1 IS NULL OR organization = $1 ORDER BY created_at, id";

    // Without its hash a revoked key is looked for as one that never was: nobody can tell the two apart by the time it takes.
    // It writes what was revoked before once more: what is answered has to be durable, whoever has committed it first.
    private const string Revoke = "UPDATE spendguard.keys SET revoked_at = coalesce(revoked_at, $2), hash = NULL WHERE id = $1";

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
                .With(secret.Hash)
                .With(request.Organization)
                .With((int)request.Scopes)
                .With(request.Agent?.Value)
                .With(request.Name)
                .With(now.UtcTicks),
            cancellationToken).ConfigureAwait(false);
        return secret;
    }

    /// <summary>The key that a caller presents, or null when it is not known or has been revoked.</summary>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        var found = await RunAsync(FindByHash, command => command.With(secret.Hash), cancellationToken).ConfigureAwait(false);
        var (key, hash) = found.Count == 1 ? found[0] : (null, NoHash);
        return secret.Matches(hash) ? key : null;
    }

    /// <summary>The keys, oldest first, revoked ones included.</summary>
    /// <param name="organization">Only this organisation's; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string? organization, CancellationToken cancellationToken) =>
        [.. (await RunAsync(List, command => command.With(organization), cancellationToken).ConfigureAwait(false)).Select(found => found.Key)];

    /// <summary>Takes a key out of force, for good.</summary>
    /// <returns>The key; null when there is none with the id.</returns>
    /// <exception cref="StoreUnavailableException">The database does not work.</exception>
    public async Task<ApiKey?> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RunAsync(Revoke, command => command.With(id).With(now.UtcTicks), cancellationToken).ConfigureAwait(false);
        var found = await RunAsync(Find, command => command.With(id), cancellationToken).ConfigureAwait(false);
        return found.Count == 1 ? found[0].Key : null;
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
            throw PostgresFaults.Explain(exception, mayHaveTakenEffect: sql is Insert or Revoke);
        }
    }

    private async Task<List<(ApiKey Key, byte[] Hash)>> OnceAsync(
        string sql, Func<NpgsqlBatchCommand, NpgsqlBatchCommand> bind, CancellationToken cancellationToken)
    {
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
