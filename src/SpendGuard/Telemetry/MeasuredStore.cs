using System.Diagnostics;
using System.Diagnostics.Metrics;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Telemetry;

/// <summary>Measures how long a store takes to commit. Where nobody listens, it only passes on.</summary>
internal sealed class MeasuredStore(IBudgetStore store, Histogram<double> duration) : DelegatingBudgetStore(store)
{
    private const string Command = "spendguard.command";

    public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
        duration.Enabled ? MeasureAsync(command, cancellationToken) : Inner.ApplyAsync(command, cancellationToken);

    private async ValueTask<BudgetAnswer> MeasureAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        KeyValuePair<string, object?> name = new(Command, command.GetType().Name);
        try
        {
            var answer = await Inner.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
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
