using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreModelChecks
{
    private const int Calls = 8;
    private const int Hours = 60;

    private static readonly Gen<(int Call, int What, int Amount, int At)[]> Ends =
        Gen.Select(Gen.Int[0, Calls - 1], Gen.Int[0, 6], Gen.Int[0, 40], Gen.Int[0, Hours], (call, what, amount, at) => (call, what, amount, at)).Array[1, 40];

    [Fact]
    public async Task Report_AnyHistory_IsWhatASlowFoldOfTheLedgerSays()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 1_000_000);
        await store.SetAsync("b", 1_000_000);
        await Gen.Select(Ends, Gen.Int[0, 31], Gen.Int[-1, Hours], Gen.Int[-1, Hours]).SampleAsync(
            async sample =>
            {
                var (ends, by, since, until) = sample;
                var prefix = NextPrefix();
                foreach (var (call, what, amount, at) in ends)
                {
                    await store.ApplyAsync(Command(prefix, call, what, amount, StoreSteps.Start.AddHours(at)), default);
                }

                await SlowReport.AssertAsync(store, new ReportQuery
                {
                    By = (ReportBy)by,
                    Since = since < 0 ? null : StoreSteps.Start.AddHours(since),
                    Until = until < 0 ? null : StoreSteps.Start.AddHours(until),
                });
            },
            iter: Math.Max(5, Samples / 4) * Soak, threads: 1);
    }

    /// <summary>Something that may become of a call; it is refused where it cannot.</summary>
    private static BudgetCommand Command(string prefix, int call, int what, int amount, DateTimeOffset at)
    {
        var id = new ReservationId($"{prefix}{call}");
        TokenCounts? tokens = amount % 3 == 0 ? new TokenCounts(amount, 1, 2, 3, amount) : null;
        return what switch
        {
            0 or 1 => new Reserve(
                id, call % 2 == 0 ? "a" : "b", call % 3 == 0 ? (RunId?)null : new RunId($"run {call % 3}"), call % 4 == 0 ? null : $"p:{call % 4}",
                Money.Zero, Money.FromMicrocents(20), at + TimeSpan.FromDays(1), at) { Function = call % 5 == 0 ? "f" : null, IsDryRun = call == 7 },
            2 => new Settle(id, Money.FromMicrocents(amount), at) { Tokens = tokens },
            3 => new Release(id, at) { IsDryRun = call == 7 },
            4 => new Forfeit(id, OnlyIfExpired: false, at),
            5 => new Forfeit(id, OnlyIfExpired: false, at) { Known = Money.FromMicrocents(amount) },
            _ => new Settle(id, Money.FromMicrocents(amount), at),
        };
    }
}
