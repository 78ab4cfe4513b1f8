using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.PostgreSql.Schema;

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
/// before it is tried again: if it is in the ledger, its answers are those that were decided then. It is never done twice. The same when
/// the server says that it has committed and not waited for its standbys. That it is in the ledger then does not say that it is durable;
/// so one more commit, which changes nothing, has to be confirmed before anyone is answered.
/// </remarks>
internal sealed class Committer(PostgresStoreOptions options, PostgresConnections data, StoreOpening opening, ILogger logger)
{
    private readonly BatchWriter _writer = new(options.Tenant);
    private readonly AlertMemory _memory = new();

    /// <summary>Commits, and answers every command of the batch. Throws nothing: what goes wrong is told the callers.</summary>
    public async Task CommitAsync(IReadOnlyList<QueuedCommand> commands)
    {
        var unknown = new List<Attempt>();
        try
        {
            var reader = new BatchReader(options.Tenant, [.. commands.Select(queued => queued.Command)], _memory);
            var (attempt, before) = await Retry.WithinAsync(
                options.Timeout,
                options.Clock,
                async time =>
                {
                    await opening.EnsureAsync(time).ConfigureAwait(false);
                    return await TryAsync(commands, reader, unknown, time).ConfigureAwait(false);
                },
                logger,
                CancellationToken.None).ConfigureAwait(false);
            _memory.Add(attempt.Work.Alerts);
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
        var (work, committed) = await reader.ReadAsync(connection, unknown, opening.Prepares, cancellationToken).ConfigureAwait(false);
        if (unknown.Find(attempt => committed.ContainsKey(attempt.Batch) || work.Tree.HasNodeOf(attempt.Batch)) is { } done)
        {
            await _writer.ConfirmAsync(connection, opening.Prepares, cancellationToken).ConfigureAwait(false);
            Log.WasCommitted(logger, commands.Count);
            return (done, committed.GetValueOrDefault(done.Batch) - 1);
        }

        var attempt = new Attempt(commands, work);
        attempt.Decide();
        if (!work.HasChanges)
        {
            await (attempt.TellsOfEarlier
                ? _writer.ConfirmAsync(connection, opening.Prepares, cancellationToken)
                : RollBackAsync(connection, cancellationToken)).ConfigureAwait(false);
            return (attempt, 0);
        }

        unknown.Add(attempt);
        try
        {
            return (attempt, await _writer.WriteAsync(connection, attempt, opening.Prepares, opening.Notifies, cancellationToken).ConfigureAwait(false));
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
