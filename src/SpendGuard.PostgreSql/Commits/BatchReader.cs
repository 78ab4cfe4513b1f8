using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>Begins a batch's transaction: locks its budgets and loads what its commands concern, in one round trip.</summary>
internal sealed class BatchReader
{
    private readonly string _tenant;
    private readonly TreeReader _tree;
    private readonly ApprovalReader _approvals;
    private readonly AlertMemory _memory;
    private readonly string[] _budgets;
    private readonly string[] _ended;
    private readonly string[] _reservations;
    private readonly string[] _names;
    private readonly (string Agent, string Key)[] _budgetSets;

    public BatchReader(string tenant, IReadOnlyList<BudgetCommand> commands, AlertMemory memory)
    {
        _tenant = tenant;
        _memory = memory;

        IReadOnlyList<BudgetLookup> lookups = [.. commands.Select(command => command.Lookup)];
        _budgets = Distinct(lookups.Select(lookup => lookup.BudgetOf?.Value));
        _ended = Distinct(lookups.Select(lookup => lookup.BudgetOf is null ? lookup.Reservation?.Value : null));
        _tree = new TreeReader(tenant, lookups, _ended);
        _approvals = new ApprovalReader(tenant, lookups);
        _reservations = Distinct(lookups.Select(lookup => lookup.Reservation?.Value));
        _names = Distinct(lookups.Select(lookup => lookup.Name));
        _budgetSets = [.. lookups.Where(lookup => lookup.IdempotencyKey is not null)
            .Select(lookup => (lookup.BudgetOf!.Value.Value, lookup.IdempotencyKey!)).Distinct()];
    }

    /// <summary>Loads the working set.</summary>
    /// <param name="connection">An open connection, which is in a transaction afterwards.</param>
    /// <param name="unknown">Earlier tries whose outcome is not known. Those that hold locks are over once these are locked.</param>
    /// <param name="prepare">Whether statements are prepared.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was loaded, and by their batch, where the entries of earlier tries begin that were committed after all.</returns>
    public async Task<(WorkingSet Work, Dictionary<Guid, long> Committed)> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Attempt> unknown, bool prepare, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, unknown);
        if (prepare)
        {
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        var work = new WorkingSet(_memory);
        var committed = new Dictionary<Guid, long>();
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await NextAsync(row => work.Now = row.GetFieldValue<DateTimeOffset>(3)).ConfigureAwait(false);
        await _tree.ReadLocksAsync(work.Tree, NextAsync).ConfigureAwait(false);
        await NextAsync(row => work.Load(PostgresRows.ReadBudget(row), row.GetInt64(15))).ConfigureAwait(false);
        await _tree.ReadLoadsAsync(work.Tree, node => work.HasBudgetOf(new AgentId(node.Value)), NextAsync).ConfigureAwait(false);
        await _approvals.ReadAsync(work.Approvals, NextAsync).ConfigureAwait(false);
        if (_reservations.Length > 0)
        {
            await NextAsync(row => work.Load(PostgresRows.ReadReservation(row))).ConfigureAwait(false);
        }

        if (_names.Length > 0)
        {
            await NextAsync(row => work.LoadNamed(PostgresRows.ReadReservation(row))).ConfigureAwait(false);
        }

        if (_budgetSets.Length > 0)
        {
            await NextAsync(row => work.Load(PostgresRows.ReadEntry(row))).ConfigureAwait(false);
        }

        if (unknown.Count > 0)
        {
            await NextAsync(row => committed[row.GetGuid(0)] = row.GetInt64(1)).ConfigureAwait(false);
        }

        return (work, committed);

        async Task NextAsync(Action<NpgsqlDataReader> load)
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                load(rows);
            }

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<Attempt> unknown)
    {
        var batch = new NpgsqlBatch(connection);
        batch.Add(PostgresSql.Begin);
        batch.Add(PostgresSql.SetUp);
        _tree.AddLocks(batch);
        if (_ended.Length > 0)
        {
            batch.Add(PostgresSql.LockBudgetsOfReservations).With(_tenant).With(_budgets).With(_ended);
        }
        else
        {
            batch.Add(PostgresSql.LockBudgets).With(_tenant).With(_budgets);
        }

        _tree.AddLoads(batch);
        _approvals.Add(batch);
        if (_reservations.Length > 0)
        {
            batch.Add(PostgresSql.FindReservations).With(_tenant).With(_reservations);
        }

        if (_names.Length > 0)
        {
            batch.Add(PostgresSql.FindNamedReservations).With(_tenant).With(_names);
        }

        if (_budgetSets.Length > 0)
        {
            batch.Add(PostgresSql.FindBudgetSets).With(_tenant).With(_budgetSets, set => set.Agent).With(_budgetSets, set => set.Key);
        }

        if (unknown.Count > 0)
        {
            var owners = unknown.SelectMany(attempt => attempt.Work.Entries).Select(entry => entry.Agent?.Value ?? entry.Group!.Value.Value);
            batch.Add(PostgresSql.FindBatches).With(_tenant)
                .With(owners.Distinct(StringComparer.Ordinal).ToArray())
                .With(unknown.Min(attempt => attempt.Work.LastKnownEntry))
                .With(unknown, attempt => attempt.Batch);
        }

        return batch;
    }

    private static string[] Distinct(IEnumerable<string?> ids) => [.. ids.OfType<string>().Distinct(StringComparer.Ordinal)];
}
