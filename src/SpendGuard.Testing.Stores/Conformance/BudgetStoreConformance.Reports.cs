using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    /// <summary>Whether the store keeps the tokens of entries, and which of them are of dry runs: only reports need that.</summary>
    protected virtual bool KeepsCounts => true;

    /// <summary>Whether the store counts refusals: only reports need that.</summary>
    protected virtual bool CountsRefusals => true;

    [Fact]
    public async Task Tokens_OfSettledCalls_StandOnTheirEntries()
    {
        var tokens = new TokenCounts(1, 2, 3, 4, 5);
        await Store.SetAsync("a", 1000);
        await Store.ReserveAsync("a", "r1", 10, 20);
        await Store.ReserveAsync("a", "r2", 10, 20);
        await Store.ReserveAsync("a", "r3", 10, 20);
        await Store.ApplyAsync(new Settle(new ReservationId("r1"), Money.FromMicrocents(15), StoreSteps.Start) { Tokens = tokens }, default);
        await Store.ForfeitAsync("r2");
        await Store.ApplyAsync(new Settle(new ReservationId("r2"), Money.FromMicrocents(15), StoreSteps.Start) { Tokens = tokens with { Input = 7 } }, default);
        await Store.SettleAsync("r3", 1);

        var kept = (await Store.LedgerAsync()).Select(entry => entry.Tokens).OfType<TokenCounts>();

        Assert.Equal(KeepsCounts ? [tokens, tokens with { Input = 7 }] : [], kept);
    }

    [Fact]
    public async Task DryRun_IsMarked_AndInNoReport()
    {
        await Store.SetAsync("a", 100);
        var reserve = new Reserve(new ReservationId("dry"), "a", null, "p:m", Money.Zero, Money.FromMicrocents(5), StoreSteps.Second(300), StoreSteps.Start) { IsDryRun = true };
        await Store.ApplyAsync(reserve, default);
        await Store.ApplyAsync(new Release(reserve.Id, StoreSteps.Start) { IsDryRun = true }, default);

        Assert.Equal(KeepsCounts ? [false, true, true] : [false, false, false], (await Store.LedgerAsync()).Select(entry => entry.IsDryRun));
        if (KeepsCounts)
        {
            Assert.Empty(await Store.ReportAsync(new ReportQuery(), default));
        }
    }

    [Fact]
    public async Task Refusals_OfOneKind_AddUp()
    {
        var day = new DateOnly(2030, 1, 2);
        var refused = new RefusalCount(day, "a", new RunId("run"), "p:m", "f", "insufficient", 2);

        await Store.CountRefusalsAsync([refused, refused with { Reason = "locked", Run = null, Model = null, Function = null }], default);
        await Store.CountRefusalsAsync([refused with { Count = 3 }, refused with { Day = day.AddDays(1) }], default);

        Assert.Equal(
            CountsRefusals
                ? [refused with { Count = 5 }, refused with { Reason = "locked", Run = null, Model = null, Function = null }, refused with { Day = day.AddDays(1) }]
                : [],
            (await Store.ReadRefusalsAsync(default)).OrderBy(refusal => refusal.Day).ThenBy(refusal => refusal.Reason, StringComparer.Ordinal));
        Assert.Equal(
            CountsRefusals ? [7L] : [],
            (await Store.ReportAsync(new ReportQuery { Until = new DateTimeOffset(day, new TimeOnly(1, 0), TimeSpan.Zero) }, default)).Select(row => row.Refused));
    }

    [Theory]
    [InlineData(ReportBy.All)]
    [InlineData(ReportBy.Agent)]
    [InlineData(ReportBy.Model)]
    [InlineData(ReportBy.Day)]
    [InlineData(ReportBy.Run)]
    [InlineData(ReportBy.Function)]
    [InlineData(ReportBy.Agent | ReportBy.Model | ReportBy.Day)]
    public async Task Report_IsWhatTheLedgerSays(ReportBy by)
    {
        await Store.SetAsync("a", 1000, at: 0);
        await Store.SetAsync("b", 1000, at: 0);
        await Store.ReserveAsync("a", "settled", 10, 20, at: 1);
        await Store.ReserveAsync("a", "over", 10, 20, run: null, at: 2);
        await Store.ReserveAsync("b", "released", 10, 20, model: "p:other", at: 3);
        await Store.ReserveAsync("b", "forfeited", 10, 20, at: 4);
        await Store.ReserveAsync("b", "corrected", 10, 20, at: 5);
        await Store.ReserveAsync("b", "raised", 10, 20, model: null, at: 6);
        await Store.ReserveAsync("b", "flying", 10, 20, at: 7);
        await Store.ApplyAsync(new Settle(new ReservationId("settled"), Money.FromMicrocents(15), StoreSteps.Second(11)) { Tokens = new TokenCounts(1, 2, 3, 4, 5) }, default);
        await Store.SettleAsync("over", 50, at: 12);
        await Store.ReleaseAsync("released", at: 13);
        await Store.ForfeitAsync("forfeited", at: 14);
        await Store.ForfeitAsync("corrected", at: 15);
        await Store.ForfeitAsync("raised", at: 16);
        await Store.ForfeitAsync("raised", known: 30, at: 86_400);
        await Store.SettleAsync("corrected", 3, at: 86_401);

        await SlowReport.AssertAsync(Store, new ReportQuery { By = by });
        await SlowReport.AssertAsync(Store, new ReportQuery { By = by, Since = StoreSteps.Second(5), Until = StoreSteps.Second(15) });
        await SlowReport.AssertAsync(Store, new ReportQuery { By = by, Since = StoreSteps.Second(16) });
    }

    [Fact]
    public async Task LedgerBack_IsTheLedger_NewestFirst()
    {
        await Store.SetAsync("a", 1000);
        await Store.SetAsync("b", 1000);
        await Store.ReserveAsync("a", "r1", 10, 20);
        await Store.ReserveAsync("b", "r2", 10, 20);

        Assert.Equal([4L, 3L, 2L, 1L], await BackAsync(before: null, agent: null, limit: 10));
        Assert.Equal([4L, 3L], await BackAsync(before: null, agent: null, limit: 2));
        Assert.Equal([2L, 1L], await BackAsync(before: 3, agent: null, limit: 2));
        Assert.Equal([3L, 1L], await BackAsync(before: null, "a", limit: 10));
        Assert.Equal([2L], await BackAsync(before: 4, "b", limit: 10));
        Assert.Empty(await BackAsync(before: 1, agent: null, limit: 10));

        async Task<IEnumerable<long>> BackAsync(long? before, AgentId? agent, int limit) =>
            (await Store.ReadLedgerBackAsync(before, agent, limit, default)).Select(entry => entry.Sequence);
    }
}
