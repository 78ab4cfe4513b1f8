using Npgsql;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.PostgreSql.Notices;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>Writes what a batch has changed and commits it, in one round trip.</summary>
internal sealed class BatchWriter(string tenant)
{
    private readonly TreeWriter _tree = new(tenant);
    private readonly ApprovalWriter _approvals = new(tenant);

    /// <summary>Writes and commits. When it returns, the commit is durable.</summary>
    /// <returns>The last place of the ledger that was taken before this batch's entries.</returns>
    /// <exception cref="CommitInDoubtException">It has committed, and the commit may not be durable.</exception>
    public Task<long> WriteAsync(NpgsqlConnection connection, Attempt attempt, bool prepare, bool notify, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection);
        var entries = (long)attempt.Work.Entries.Count;

        // First, for it is what commits of other agents wait for; nothing after it waits for anything.
        batch.Add(PostgresSql.TakePlaces).With(tenant).With(entries);
        _tree.AddNodes(batch, attempt);
        AddBudgets(batch, attempt.Work, entries);
        _tree.AddLimitsAndAccounts(batch, attempt.Work.Tree, entries);
        AddReservations(batch, attempt.Work, entries);
        AddEntries(batch, attempt, entries);
        _approvals.Add(batch, attempt.Work.Approvals);
        if (attempt.Work.Alerts is { Count: > 0 } alerts)
        {
            PostgresAlerts.AddRaised(batch, tenant, alerts);
        }

        if (notify)
        {
            NoticeWriter.Add(batch, tenant, attempt.Work);
        }

        return CommitAsync(batch, prepare, cancellationToken);
    }

    /// <summary>Commits a change that is none. A server writes commits in their order, so when it returns, all that was read is durable too.</summary>
    /// <exception cref="CommitInDoubtException">It may not be.</exception>
    public Task ConfirmAsync(NpgsqlConnection connection, bool prepare, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection);
        batch.Add(PostgresSql.TakePlaces).With(tenant).With(0L);
        return CommitAsync(batch, prepare, cancellationToken);
    }

    private async Task<long> CommitAsync(NpgsqlBatch batch, bool prepare, CancellationToken cancellationToken)
    {
        await using var disposed = batch.ConfigureAwait(false);
        batch.Add(PostgresSql.Commit);
        if (prepare)
        {
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        using var notices = new CommitNotices(batch.Connection!);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new StoreUnavailableException($"The ledger of tenant '{tenant}' is not in the database any more. Was the database replaced?");
        }

        var before = rows.GetInt64(0);
        while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        notices.ThrowIfInDoubt();
        return before;
    }

    private void AddBudgets(NpgsqlBatch batch, WorkingSet work, long entries)
    {
        if (work.NewBudgets is { Count: > 0 } created)
        {
            AddBudgetColumns(batch.Add(PostgresSql.InsertBudgets), entries, created);
        }

        if (work.ChangedBudgets is { Count: > 0 } changed)
        {
            AddBudgetColumns(batch.Add(PostgresSql.UpdateBudgets), entries, [.. changed.Select(change => (change.Budget, change.Place))])
                .With(changed, change => change.LoadedEntry);
        }
    }

    private NpgsqlBatchCommand AddBudgetColumns(
        NpgsqlBatchCommand command, long entries, IReadOnlyList<(Budgets.Budget Budget, int Place)> budgets) => command
            .With(tenant).With(entries)
            .With(budgets, row => row.Budget.Agent.Value)
            .With(budgets, row => row.Budget.HardLimit.Microcents)
            .With(budgets, row => row.Budget.Granted.Microcents)
            .With(budgets, row => row.Budget.Spent.Microcents)
            .With(budgets, row => row.Budget.Held.Microcents)
            .With(budgets, row => row.Budget.MaxInFlight)
            .With(budgets, row => row.Budget.InFlight)
            .With(budgets, row => row.Budget.Closed)
            .With(budgets, row => row.Budget.MaxCallShare)
            .With(budgets, row => row.Budget.Batches)
            .With(budgets, row => row.Budget.IsSet)
            .With(budgets, row => StoredNames.ToText(row.Budget.Action))
            .With(budgets, row => row.Budget.Thresholds.ToText())
            .With(budgets, row => row.Budget.Raises.ToText())
            .With(budgets, row => row.Budget.Approval?.Value)
            .With(budgets, row => (long)row.Place);

    private void AddReservations(NpgsqlBatch batch, WorkingSet work, long entries)
    {
        if (work.NewReservations is { Count: > 0 } created)
        {
            batch.Add(PostgresSql.InsertReservations).With(tenant).With(entries)
                .With(created, row => row.Reservation.Id.Value)
                .With(created, row => row.Reservation.Agent.Value)
                .With(created, row => row.Reservation.Run?.Value)
                .With(created, row => row.Reservation.Model)
                .With(created, row => row.Reservation.Function)
                .With(created, row => row.Reservation.Unbounded)
                .With(created, row => row.Reservation.Floor.Microcents)
                .With(created, row => row.Reservation.Ceiling.Microcents)
                .With(created, row => row.Reservation.Held.Microcents)
                .With(created, row => StoredNames.ToText(row.Reservation.End))
                .With(created, row => row.Reservation.Charged.Microcents)
                .With(created, row => row.Reservation.CreatedAt.UtcTicks)
                .With(created, row => row.Reservation.ExpiresAt.UtcTicks)
                .With(created, row => row.Reservation.Requests)
                .With(created, row => row.Reservation.Name)
                .With(created, row => row.Reservation.Cards)
                .With(created, row => row.Reservation.Accounts.ToText())
                .With(created, row => row.Reservation.EndedAt?.UtcTicks)
                .With(created, row => (long)row.Place);
        }

        if (work.ChangedReservations is { Count: > 0 } changed)
        {
            batch.Add(PostgresSql.UpdateReservations).With(tenant)
                .With(changed, reservation => reservation.Id.Value)
                .With(changed, reservation => StoredNames.ToText(reservation.End))
                .With(changed, reservation => reservation.Charged.Microcents)
                .With(changed, reservation => reservation.ExpiresAt.UtcTicks)
                .With(changed, reservation => reservation.Name)
                .With(changed, reservation => reservation.EndedAt?.UtcTicks);
        }
    }

    private void AddEntries(NpgsqlBatch batch, Attempt attempt, long count)
    {
        if (attempt.Work.Entries is not { Count: > 0 } entries)
        {
            return;
        }

        batch.Add(PostgresSql.AppendEntries).With(tenant).With(count).With(attempt.Batch)
            .With(Enumerable.Range(1, entries.Count).Select(place => (long)place).ToArray())
            .With(entries, entry => entry.At.UtcTicks)
            .With(entries, entry => StoredNames.ToText(entry.Kind))
            .With(entries, entry => entry.Agent?.Value)
            .With(entries, entry => entry.Reservation?.Value)
            .With(entries, entry => entry.Run?.Value)
            .With(entries, entry => entry.Model)
            .With(entries, entry => entry.Function)
            .With(entries, entry => entry.Unbounded)
            .With(entries, entry => entry.Amount.Microcents)
            .With(entries, entry => entry.HardLimit.Microcents)
            .With(entries, entry => entry.Granted.Microcents)
            .With(entries, entry => entry.Spent.Microcents)
            .With(entries, entry => entry.Held.Microcents)
            .With(entries, entry => entry.IdempotencyKey)
            .With(entries, entry => entry.Content)
            .With(entries, entry => entry.Group?.Value)
            .With(entries, entry => entry.Limit)
            .With(entries, entry => entry.Under?.Value)
            .With(entries, entry => entry.By)
            .With(entries, entry => entry.Reason)
            .With(entries, entry => entry.Raised.Microcents)
            .With(entries, entry => entry.Tokens?.Input)
            .With(entries, entry => entry.Tokens?.CacheRead)
            .With(entries, entry => entry.Tokens?.CacheWrite)
            .With(entries, entry => entry.Tokens?.Output)
            .With(entries, entry => entry.Tokens?.Reasoning)
            .With(entries, entry => entry.IsDryRun)
            .With(entries, entry => entry.Added?.Microcents);
    }
}
