using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>
/// Commits a batch of commands. Two round trips: one locks the budgets and loads them, one writes and commits; between them the rules
/// are applied in memory.
/// </summary>
/// <remarks>
/// The rows are locked, and not only compared when they are written. With four and eight stores on one busy agent both were measured
/// to be as fast; the lock gives each its turn and decides nothing twice. The comparison stays as a backstop. A process that stops
/// between the two round trips holds its agents' rows for no longer than the server lets it be idle.
///
/// When the connection breaks after the commit was sent, nobody has said whether it stands. Then the batch is looked for by its id
/// before it is tried again: if it is in the ledger, its answers are those that were decided then. It is never done twice.
/// </remarks>
internal sealed class Committer(PostgresStoreOptions options, NpgsqlDataSource data, ILogger logger)
{
    private readonly BatchWriter _writer = new(options.Tenant, options.Prepare);

    /// <summary>Commits, and answers every command of the batch. Throws nothing: what goes wrong is told the callers.</summary>
    public async Task CommitAsync(IReadOnlyList<QueuedCommand> commands, Func<CancellationToken, Task> open)
    {
        var unknown = new List<Attempt>();
        try
        {
            var reader = new BatchReader(options.Tenant, options.Prepare, [.. commands.Select(queued => queued.Command)]);
            var (attempt, before) = await Retry.WithinAsync(
                options.Timeout,
                options.Clock,
                async time =>
                {
                    await open(time).ConfigureAwait(false);
                    return await TryAsync(commands, reader, unknown, time).ConfigureAwait(false);
                },
                logger,
                CancellationToken.None).ConfigureAwait(false);
            attempt.Complete(before);
        }
        catch (Exception exception)
        {
            Log.CommitFailed(logger, exception, commands.Count);
            foreach (var queued in commands)
            {
                queued.Fail(PostgresFaults.Explain(exception, mayHaveTakenEffect: unknown.Count > 0));
            }
        }
    }

    private async Task<(Attempt Attempt, long Before)> TryAsync(
        IReadOnlyList<QueuedCommand> commands, BatchReader reader, List<Attempt> unknown, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var (work, committed) = await reader.ReadAsync(connection, unknown, cancellationToken).ConfigureAwait(false);
        if (unknown.Find(attempt => committed.ContainsKey(attempt.Batch) || work.HasAgentOf(attempt.Batch)) is { } done)
        {
            Log.WasCommitted(logger, commands.Count);
            await RollBackAsync(connection, cancellationToken).ConfigureAwait(false);
            return (done, committed.GetValueOrDefault(done.Batch) - 1);
        }

        var attempt = new Attempt(commands, work);
        attempt.Decide();
        if (!work.HasChanges)
        {
            await RollBackAsync(connection, cancellationToken).ConfigureAwait(false);
            return (attempt, 0);
        }

        unknown.Add(attempt);
        try
        {
            return (attempt, await _writer.WriteAsync(connection, attempt, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (PostgresFaults.IsUndone(exception))
        {
            unknown.Remove(attempt);
            throw;
        }
    }

    private static async Task RollBackAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var rollback = new NpgsqlCommand(PostgresSql.Rollback, connection);
        await rollback.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
