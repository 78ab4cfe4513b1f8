using System.Diagnostics;
using System.Diagnostics.Metrics;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Telemetry;

/// <summary>Measures how long a store takes to commit. Where nobody listens, it only passes on.</summary>
internal sealed class MeasuredStore(IBudgetStore store, Histogram<double> duration) : IBudgetStore
{
    private const string Command = "spendguard.command";

    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
        duration.Enabled ? MeasureAsync(command, cancellationToken) : store.ApplyAsync(command, cancellationToken);

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        store.FindAgentAsync(agent, cancellationToken);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(CancellationToken cancellationToken) =>
        store.ListAgentsAsync(cancellationToken);

    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        store.FindBudgetAsync(agent, cancellationToken);

    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        store.FindReservationAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset expireBy, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        store.FindInFlightAsync(expireBy, agent, limit, cancellationToken);

    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        store.ReadLedgerAsync(afterSequence, agent, limit, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async ValueTask<BudgetAnswer> MeasureAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        KeyValuePair<string, object?> name = new(Command, command.GetType().Name);
        try
        {
            var answer = await store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
            duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, name);
            return answer;
        }
        catch (Exception exception)
        {
            duration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds, name, new KeyValuePair<string, object?>(GenAINames.ErrorType, Outcome.ReasonOf(exception)));
            throw;
        }
    }
}
