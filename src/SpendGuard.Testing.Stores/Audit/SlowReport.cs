using System.Collections.Immutable;
using System.Globalization;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>What a report has to say, call by call out of the whole ledger: slow, and by no balance.</summary>
internal static class SlowReport
{
    /// <summary>Asserts that a store's rows are those, and no others.</summary>
    public static async Task AssertAsync(IBudgetStore store, ReportQuery query)
    {
        var ends = new Dictionary<ReservationId, ReservationEnd>();
        var ledger = await store.LedgerAsync();
        foreach (var id in ledger.Select(entry => entry.Reservation).OfType<ReservationId>().Distinct())
        {
            ends[id] = (await store.FindReservationAsync(id, default))!.End;
        }

        var expected = Of(ledger, ends, await store.ReadRefusalsAsync(default), query);
        var rows = await store.ReportAsync(query, default);
        Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', rows.Select(Told).Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<string> Of(
        IReadOnlyList<LedgerEntry> ledger, Dictionary<ReservationId, ReservationEnd> ends, IEnumerable<RefusalCount> refusals, ReportQuery query)
    {
        var rows = ledger.Where(entry => entry.Reservation is not null)
            .GroupBy(entry => entry.Reservation!.Value)
            .SelectMany(call => RowsOf(call, ends[call.Key]))
            .Where(row => !(row.At < query.Since) && !(row.At >= query.Until))
            .Select(row => row.Row)
            .Concat(refusals.Where(refusal => query.Touches(refusal.Day)).Select(refusal => new ReportRow
            {
                Agent = refusal.Agent, Run = refusal.Run, Model = refusal.Model, Function = refusal.Function, Day = refusal.Day,
                Refusals = new Dictionary<string, long> { [refusal.Reason] = refusal.Count }.ToImmutable(),
            }));
        return rows.GroupBy(row => Key(row, query.By)).Select(group => Told(ReportRow.Sum(group) with
        {
            Agent = group.Key.Agent, Run = group.Key.Run, Model = group.Key.Model, Function = group.Key.Function, Day = group.Key.Day,
        }));
    }

    private static ImmutableSortedDictionary<string, long> ToImmutable(this Dictionary<string, long> refusals) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, refusals);

    private static IEnumerable<(DateTimeOffset At, ReportRow Row)> RowsOf(IEnumerable<LedgerEntry> call, ReservationEnd end)
    {
        var (hold, charge, back) = (Money.Zero, Money.Zero, Money.Zero);
        foreach (var entry in call)
        {
            var row = new ReportRow
            {
                Agent = entry.Agent, Run = entry.Run, Model = entry.Model, Function = entry.Function, Day = DateOnly.FromDateTime(entry.At.UtcDateTime),
            };
            if (entry.Kind == LedgerEntryKind.Reserved)
            {
                hold = entry.Amount;
                if (!entry.IsDryRun)
                {
                    yield return (entry.At, row with { Calls = 1, Held = hold });
                }

                continue;
            }

            // A dry run that was forfeited, as its process was gone, has cost something; and so counts what gives that back.
            var booked = entry.Amount - charge;
            if (entry.IsDryRun && booked == Money.Zero)
            {
                continue;
            }

            var left = hold > entry.Amount ? hold - entry.Amount : Money.Zero;
            yield return (entry.At, row with
            {
                Cost = booked, GivenBack = left - back, Tokens = entry.Tokens, Forfeited = end == ReservationEnd.Forfeited ? booked : Money.Zero,
            });
            (charge, back) = (entry.Amount, left);
        }
    }

    private static (AgentId? Agent, RunId? Run, string? Model, string? Function, DateOnly? Day) Key(ReportRow row, ReportBy by) => (
        (by & (ReportBy.Agent | ReportBy.Run)) != ReportBy.All ? row.Agent : null,
        (by & ReportBy.Run) != ReportBy.All ? row.Run : null,
        (by & ReportBy.Model) != ReportBy.All ? row.Model : null,
        (by & ReportBy.Function) != ReportBy.All ? row.Function : null,
        (by & ReportBy.Day) != ReportBy.All ? row.Day : null);

    private static string Told(ReportRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Agent} {row.Run} {row.Model} {row.Function} {row.Day:O}: {row.Calls} calls, {row.Tokens}, cost {row.Cost.Microcents}, held {row.Held.Microcents}, back {row.GivenBack.Microcents}, forfeited {row.Forfeited.Microcents}, ")
        + string.Join(' ', row.Refusals);
}
