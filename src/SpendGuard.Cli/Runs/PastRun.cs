using SpendGuard.Budgets;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Cli.Runs;

/// <summary>A run as it stands now: its record, and what the ledger has of its calls by now.</summary>
internal sealed record PastRun(RunRecord Record, RunCosts Costs, bool IsRunning)
{
    /// <summary>Whether its program has ended, or runs, or was killed together with what looked after it.</summary>
    public string State => Record.EndedAt is not null ? "ended" : IsRunning ? "running" : "killed";

    /// <summary>What its calls cost, by day and model; of a sidecar elsewhere, as that had it at the end.</summary>
    public IEnumerable<CostPart> Parts => Record.Costs is { } recorded
        ? recorded.Select(cost => new CostPart(DateOnly.FromDateTime(Record.StartedAt.LocalDateTime), cost.Model, cost.Calls, Money.FromMicrocents(cost.ChargedMicrocents)))
        : Costs.Parts;

    public int Calls => Parts.Sum(static part => part.Calls);

    public Money Charged => Parts.Aggregate(Money.Zero, static (sum, part) => sum + part.Charged);

    /// <summary>Reads runs, oldest first. What a killed one left held past its time is booked meanwhile.</summary>
    /// <param name="records">The records.</param>
    /// <param name="last">The most runs, the newest.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IReadOnlyList<PastRun>> ReadAsync(RunRecords records, int last, TimeProvider time, CancellationToken stop)
    {
        var chosen = records.Read().TakeLast(last).ToList();
        var costs = chosen.ToDictionary(static record => record.Run, static _ => new RunCosts(), StringComparer.Ordinal);
        foreach (var ledger in chosen.GroupBy(static record => record.Ledger, StringComparer.Ordinal))
        {
            if (ledger.Key is { } path && File.Exists(path))
            {
                await AddAsync(path, ledger.Min(static record => record.LedgerBefore), costs, time, stop);
            }
        }

        return [.. chosen.Select(record => new PastRun(record, costs[record.Run], record.EndedAt is null && records.IsRunning(record.Run)))];
    }

    private static async Task AddAsync(
        string ledger, long after, Dictionary<string, RunCosts> costs, TimeProvider time, CancellationToken stop)
    {
        await using var engine = new SpendGuardEngine(new SqliteBudgetStore(new SqliteStoreOptions { Path = ledger }), new Pricing.Prices(PriceBook.LoadBundled()), time: time);
        try
        {
            await engine.ForfeitExpiredAsync(cancellationToken: stop);
            await foreach (var entry in engine.ReadLedgerAsync(agent: null, after, stop))
            {
                if (entry.Run is { } run && costs.TryGetValue(run.Value, out var of))
                {
                    of.Add(entry);
                }
            }
        }
        catch (StoreUnavailableException exception)
        {
            throw new CommandFailedException($"The ledger '{ledger}' cannot be read: {exception.Message}", innerException: exception);
        }
    }
}
