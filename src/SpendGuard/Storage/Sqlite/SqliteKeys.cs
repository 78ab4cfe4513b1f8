using SpendGuard.Keys;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The keys of agents, in the file that has their budgets.</summary>
internal sealed class SqliteKeys(SqliteWriter writer, SqliteReaders readers) : IAgentKeyStore
{
    public ValueTask<bool> AddAsync(AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken) =>
        writer.ApplyAsync(new AddWork(key, secret), cancellationToken);

    public ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken) =>
        ReadAsync(file => file.FindKey(secret), cancellationToken);

    public ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(file => file.ListKeys(agent), cancellationToken);

    public ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ApplyAsync(new RevokeWork(agent, id, now), cancellationToken);

    /// <summary>What is kept of a key's text.</summary>
    internal static string Text(ApiKeySecret secret) => Convert.ToHexStringLower(secret.Hash.Span);

    private async ValueTask<T> ReadAsync<T>(Func<SqliteQueries, T> read, CancellationToken cancellationToken)
    {
        await writer.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await readers.ReadAsync(read, cancellationToken).ConfigureAwait(false);
    }

    private sealed class AddWork(AgentKey key, ApiKeySecret secret) : SqliteWork<bool>
    {
        public override bool Writes => true;

        public override void Decide(SqliteSession session) => Answer = session.HasAgent(key.Agent);

        public override void Write(SqliteSession session)
        {
            if (Answer)
            {
                session.AddKey(key, secret);
            }
        }
    }

    private sealed class RevokeWork(AgentId agent, string id, DateTimeOffset now) : SqliteWork<AgentKey?>
    {
        public override bool Writes => true;

        public override void Decide(SqliteSession session)
        {
        }

        public override void Write(SqliteSession session) => Answer = session.RevokeKey(agent, id, now);
    }
}
