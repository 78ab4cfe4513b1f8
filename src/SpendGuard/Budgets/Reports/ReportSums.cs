using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SpendGuard.Budgets;

/// <summary>The sums of a report that is being made, by what has a row of its own.</summary>
internal sealed class ReportSums(ReportBy by)
{
    private readonly Dictionary<Key, ReportSum> _sums = [];

    public IReadOnlyList<ReportRow> Rows => [.. _sums.Select(sum => sum.Value.ToRow(Named(sum.Key)))];

    public ReportSum Of(in ReportLine line) => Of(new Key(
        Is(ReportBy.Agent | ReportBy.Run) ? line.Agent : null,
        Is(ReportBy.Model) ? line.Model : null,
        Is(ReportBy.Day) ? (int)(line.At.UtcTicks / TimeSpan.TicksPerDay) : -1,
        Is(ReportBy.Run) ? line.Run : null,
        Is(ReportBy.Function) ? line.Function : null));

    public ReportSum Of(RefusalCount refusal) => Of(new ReportLine
    {
        At = new DateTimeOffset(refusal.Day, TimeOnly.MinValue, TimeSpan.Zero),
        Kind = LedgerEntryKind.Reserved,
        Agent = refusal.Agent.Value,
        Spent = 0,
        Held = 0,
        Run = refusal.Run?.Value,
        Model = refusal.Model,
        Function = refusal.Function,
    });

    private static ReportRow Named(Key key) => new()
    {
        Agent = key.Agent is { } agent ? new AgentId(agent) : (AgentId?)null,
        Model = key.Model,
        Day = key.Day >= 0 ? DateOnly.FromDayNumber(key.Day) : null,
        Run = key.Run is { } run ? new RunId(run) : (RunId?)null,
        Function = key.Function,
    };

    private bool Is(ReportBy one) => (by & one) != ReportBy.All;

    private ReportSum Of(Key key)
    {
        if (!_sums.TryGetValue(key, out var sum))
        {
            _sums[key] = sum = new ReportSum();
        }

        return sum;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(string? Agent, string? Model, int Day, string? Run, string? Function);
}

/// <summary>The sums of one row.</summary>
internal sealed class ReportSum
{
    private readonly SortedDictionary<string, long> _refusals = new(StringComparer.Ordinal);
    private long _calls;
    private long _held;
    private long _cost;
    private long _givenBack;
    private long _forfeited;
    private TokenCounts? _tokens;

    public void Hold(long amount)
    {
        _calls++;
        _held = checked(_held + amount);
    }

    public void End(long cost, long givenBack, TokenCounts? tokens)
    {
        _cost = checked(_cost + cost);
        _givenBack = checked(_givenBack + givenBack);
        _tokens = tokens is { } counted ? _tokens?.Plus(counted) ?? counted : _tokens;
    }

    public void Forfeit(long amount) => _forfeited = checked(_forfeited + amount);

    public void Refuse(string reason, long count) => _refusals[reason] = checked(_refusals.GetValueOrDefault(reason) + count);

    public ReportRow ToRow(ReportRow named) => named with
    {
        Calls = _calls,
        Tokens = _tokens,
        Held = Money.FromMicrocents(_held),
        Cost = Money.FromMicrocents(_cost),
        GivenBack = Money.FromMicrocents(_givenBack),
        Forfeited = Money.FromMicrocents(_forfeited),
        Refusals = _refusals.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };
}
