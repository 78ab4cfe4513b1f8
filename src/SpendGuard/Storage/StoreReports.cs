using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>Makes reports of what a store has.</summary>
[Experimental(ApiTier.Stores)]
public static class StoreReports
{
    /// <summary>A report with names, in its order, and with its total.</summary>
    /// <exception cref="ArgumentException">Groups are asked for together with something else.</exception>
    internal static async ValueTask<SpendReport> ReadAsync(IBudgetStore store, ReportQuery query, CancellationToken cancellationToken)
    {
        var byGroup = (query.By & ReportBy.Group) != ReportBy.All;
        if (byGroup && query.By != ReportBy.Group)
        {
            throw new ArgumentException("A report is by group, or by something else.", nameof(query));
        }

        var rows = await store.ReportAsync(byGroup ? query with { By = ReportBy.Agent } : query, cancellationToken).ConfigureAwait(false);
        rows = byGroup
            ? await ByGroupAsync(store, rows, cancellationToken).ConfigureAwait(false)
            : await NamedAsync(store, rows, cancellationToken).ConfigureAwait(false);
        return new SpendReport(query, InOrder(rows), ReportRow.Sum(rows));
    }

    /// <summary>The rows of a store that has no faster way: read page by page.</summary>
    internal static async ValueTask<IReadOnlyList<ReportRow>> FoldAsync(IBudgetStore store, ReportQuery query, CancellationToken cancellationToken)
    {
        var fold = new ReportFold(query);
        await foreach (var entry in StorePages.ReadLedgerAsync(store, agent: null, afterSequence: 0, cancellationToken).ConfigureAwait(false))
        {
            fold.Add(entry);
        }

        return await CloseAsync(store, fold, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows of what a store has read of its ledger, for <see cref="IBudgetStore.ReportAsync"/>.</summary>
    /// <param name="store">The store, which is asked for the ends of forfeits that were corrected, and for refusals.</param>
    /// <param name="fold">What has taken all entries.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async ValueTask<IReadOnlyList<ReportRow>> CloseAsync(IBudgetStore store, ReportFold fold, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(fold);
        var known = new HashSet<ReservationId>();
        foreach (var id in fold.Corrected)
        {
            if (await store.FindReservationAsync(id, cancellationToken).ConfigureAwait(false) is { End: not ReservationEnd.Forfeited })
            {
                known.Add(id);
            }
        }

        var refusals = await store.ReadRefusalsAsync(cancellationToken).ConfigureAwait(false);
        return fold.Rows(known.Contains, refusals);
    }

    private static async ValueTask<IReadOnlyList<ReportRow>> ByGroupAsync(IBudgetStore store, IReadOnlyList<ReportRow> rows, CancellationToken cancellationToken)
    {
        var agents = await AgentsAsync(store, rows, cancellationToken).ConfigureAwait(false);
        var groups = new List<ReportRow>();
        foreach (var group in rows.GroupBy(row => row.Agent is { } agent ? agents.GetValueOrDefault(agent)?.Parent : null))
        {
            var path = group.Key is { } id ? await store.FindPathAsync(id, cancellationToken).ConfigureAwait(false) : [];
            groups.Add(ReportRow.Sum(group) with { Group = group.Key, Name = path is [var own, ..] ? own.Node.Name : null });
        }

        return groups;
    }

    private static async ValueTask<IReadOnlyList<ReportRow>> NamedAsync(IBudgetStore store, IReadOnlyList<ReportRow> rows, CancellationToken cancellationToken)
    {
        var agents = await AgentsAsync(store, rows, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.Agent is { } agent ? row with { Name = agents.GetValueOrDefault(agent)?.Name } : row)];
    }

    /// <summary>The agents of rows, also those that were deleted, which no list has.</summary>
    private static async ValueTask<Dictionary<AgentId, Agent?>> AgentsAsync(IBudgetStore store, IReadOnlyList<ReportRow> rows, CancellationToken cancellationToken)
    {
        var wanted = rows.Select(row => row.Agent).OfType<AgentId>().ToHashSet();
        var found = new Dictionary<AgentId, Agent?>();
        if (wanted.Count > 0)
        {
            await foreach (var agent in StorePages.ReadAgentsAsync(store, after: null, cancellationToken).ConfigureAwait(false))
            {
                if (wanted.Remove(agent.Id))
                {
                    found[agent.Id] = agent;
                }
            }
        }

        foreach (var id in wanted)
        {
            found[id] = await store.FindAgentAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private static List<ReportRow> InOrder(IReadOnlyList<ReportRow> rows) =>
    [
        .. rows.OrderBy(row => row.Day)
            .ThenByDescending(row => row.Cost)
            .ThenByDescending(row => row.Calls)
            .ThenBy(row => row.Agent?.Value ?? row.Group?.Value, StringComparer.Ordinal)
            .ThenBy(row => row.Run?.Value, StringComparer.Ordinal)
            .ThenBy(row => row.Model, StringComparer.Ordinal)
            .ThenBy(row => row.Function, StringComparer.Ordinal),
    ];
}
