using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls.Counts;

/// <summary>
/// Counts the calls that were refused, each once, whatever the store was asked on the way. No caller waits for it, and none is told of its
/// failures: what is refused meanwhile is added up, and written together.
/// </summary>
internal sealed class RefusalCounter(IBudgetStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostKinds = 10_000;

    /// <summary>A caller can name a run of its own for every call, and each would be a row for good. More of a day are counted as of no run.</summary>
    private const int MostRuns = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<RefusalCount, long> _waiting = [];
    private readonly HashSet<(AgentId Agent, RunId Run)> _runs = [];
    private DateOnly _dayOfRuns;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>Counts a call, if what became of it is a refusal by a budget or a pause.</summary>
    /// <param name="exception">What its caller is told.</param>
    /// <param name="agent">Its agent.</param>
    /// <param name="run">Its run; null for none.</param>
    /// <param name="model">What was to be called; null where that is no model.</param>
    /// <param name="function">Its function; null where it did not say.</param>
    public void Add(Exception exception, AgentId agent, RunId? run, string? model, string? function)
    {
        if (exception is BudgetNotFoundException || exception is not BudgetRefusedException)
        {
            return;
        }

        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var kind = new RefusalCount(day, agent, null, Storable(model), Storable(function), Outcome.ReasonOf(exception), Count: 0);
        lock (_lock)
        {
            kind = kind with { Run = Known(day, agent, run) };
            if (_waiting.Count < MostKinds || _waiting.ContainsKey(kind))
            {
                _waiting[kind] = _waiting.GetValueOrDefault(kind) + 1;
                Start();
            }
        }
    }

    /// <summary>Waits until what was counted so far is written, or cannot be.</summary>
    public Task WrittenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Start();
            return _writing.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync() => await WrittenAsync(CancellationToken.None).ConfigureAwait(false);

    private RunId? Known(DateOnly day, AgentId agent, RunId? run)
    {
        if (_dayOfRuns != day)
        {
            _dayOfRuns = day;
            _runs.Clear();
        }

        return run is { } its && (_runs.Contains((agent, its)) || (_runs.Count < MostRuns && _runs.Add((agent, its)))) ? run : null;
    }

    private static string? Storable(string? text) => string.IsNullOrEmpty(text) ? null : CommandForm.ToStorable(text);

    private void Start()
    {
        if (!_isWriting && _waiting.Count > 0)
        {
            _isWriting = true;
            _writing = Task.Run(WriteAsync);
        }
    }

    private async Task WriteAsync()
    {
        while (TakeAll() is { Count: > 0 } counts)
        {
            try
            {
                await store.CountRefusalsAsync(counts, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Whatever it is: the calls have their answers, and the counts are tried again with the next.
                Log.RefusalsNotCounted(logger, exception, counts.Sum(count => count.Count));
                PutBack(counts);
                return;
            }
        }
    }

    private List<RefusalCount> TakeAll()
    {
        lock (_lock)
        {
            List<RefusalCount> counts = [.. _waiting.Select(count => count.Key with { Count = count.Value })];
            _waiting.Clear();
            _isWriting = counts.Count > 0;
            return counts;
        }
    }

    private void PutBack(List<RefusalCount> counts)
    {
        lock (_lock)
        {
            foreach (var count in counts)
            {
                var kind = count with { Count = 0 };
                _waiting[kind] = _waiting.GetValueOrDefault(kind) + count.Count;
            }

            _isWriting = false;
        }
    }
}
