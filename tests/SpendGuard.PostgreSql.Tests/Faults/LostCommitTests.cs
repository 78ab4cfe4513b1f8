using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>The wire breaks at a commit. Whether the server got it or not, the command counts once and is answered as decided.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class LostCommitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string> Commands() => [.. Named.Keys];

    private static Dictionary<string, Func<PostgresBudgetStore, Task<BudgetAnswer>>> Named { get; } = new(StringComparer.Ordinal)
    {
        ["first set"] = store => store.SetAsync("new", 100),
        ["top-up without a key"] = store => store.SetAsync("a", 1000, topUp: 7),
        ["top-up with a key"] = store => store.SetAsync("a", 1000, topUp: 7, key: "k"),
        ["reserve"] = store => store.ReserveAsync("a", "r", 1, 10),
        ["settle"] = store => store.SettleAsync("held", 3),
        ["release"] = store => store.ReleaseAsync("held"),
        ["forfeit"] = store => store.ForfeitAsync("held"),
        ["create"] = async store => await store.ApplyAsync(new CreateAgent("created", "name", StoreSteps.Start), default),
        ["rename"] = async store => await store.ApplyAsync(new RenameAgent("a", "name", StoreSteps.Start), default),
        ["create group"] = store => store.GroupAsync("created", under: "g"),
        ["rename group"] = async store => await store.ApplyAsync(new RenameGroup("g", "name", StoreSteps.Start), default),
        ["delete group"] = store => store.DeleteGroupAsync("empty"),
        ["move an agent"] = store => store.MoveAsync("a", "g"),
        ["move a group"] = store => store.MoveAsync("empty", "g"),
        ["set a limit"] = store => store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(500))),
        ["set a limit of a new group"] = store => store.LimitAsync("created", Limit.PerYear(StoreSteps.Amount(500))),
        ["set a total"] = store => store.LimitAsync("a", Limit.Total(StoreSteps.Amount(500))),
        ["remove a limit"] = store => store.RemoveLimitAsync("g", "month"),
        ["pause"] = store => store.PauseAsync("g", "reason"),
        ["resume"] = store => store.ResumeAsync("paused"),
        ["reserve in accounts"] = store => store.ReserveAsync("member", "r", 1, 10, runLimit: 70),
        ["settle in accounts"] = store => store.SettleAsync("held by member", 3),
        ["delete"] = async store => await store.ApplyAsync(new DeleteAgent("a", StoreSteps.Start), default),
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public Task Answer_Lost_CommandCountsOnceAndIsAnsweredAsDecided(string name) => CutAsync(name, CuttingProxy.Cut.Answer, prepare: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public Task Statement_Lost_CommandCountsOnceAndIsAnsweredAsDecided(string name) => CutAsync(name, CuttingProxy.Cut.Statement, prepare: false);

    [Fact]
    public async Task Renew_AnswerLost_Succeeds()
    {
        await using var proxy = new CuttingProxy(database.ConnectionString);
        await using var store = await OpenAsync(proxy.ConnectionString, Tenant(), prepare: true);
        await store.SetAsync("a", 100);
        await store.ReserveAsync("a", "r", 1, 10);

        proxy.CutNext(CuttingProxy.Cut.Answer);

        Assert.True((await store.RenewAsync("r", 900)).Succeeded);
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task Answer_LostAndNoTimeToFindOut_IsToldAsUnknown()
    {
        var clock = new FakeTimeProvider();
        var tenant = Tenant();
        await using var proxy = new CuttingProxy(database.ConnectionString);
        await using var store = await OpenAsync(proxy.ConnectionString, tenant, prepare: true, clock);
        await store.SetAsync("a", 100);

        // While it looks for its commit, someone else has the agent's row.
        var taken = new TaskCompletionSource<BudgetLock>();
        proxy.BeforeCut = async () => taken.SetResult(await BudgetLock.TakeAsync(database.ConnectionString, tenant));
        proxy.CutNext(CuttingProxy.Cut.Answer);
        var unknown = store.ReserveAsync("a", "r", 1, 10);
        await using (var locked = await taken.Task)
        {
            await locked.UntilWaitedForAsync(nudge: () => clock.Advance(TimeSpan.FromMilliseconds(5)));
            clock.Advance(TestDatabase.Patience);
            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => unknown);
            Assert.Contains("not known", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(10, (await store.BudgetAsync("a")).Held.Microcents);
        Assert.Equal(BudgetStatus.Replayed, (await store.ReserveAsync("a", "r", 1, 10)).Status);
    }

    private static string Tenant() => $"tenant {Guid.NewGuid()}";

    private static Task<PostgresBudgetStore> OpenAsync(string connectionString, string tenant, bool prepare, TimeProvider? clock = null) =>
        PostgresBudgetStore.OpenAsync(new PostgresStoreOptions
        {
            ConnectionString = connectionString,
            Tenant = tenant,
            Prepare = prepare,
            Timeout = TestDatabase.Patience,
            Clock = clock ?? TimeProvider.System,
        });

    private async Task CutAsync(string name, CuttingProxy.Cut cut, bool prepare)
    {
        var expected = await RunAsync(name, CuttingProxy.Cut.None, prepare);
        var actual = await RunAsync(name, cut, prepare);

        Assert.Equal(BudgetStatus.Applied, actual.Answer.Status);
        Assert.Equal(expected.Answer, actual.Answer);
        Assert.Equal(expected.Ledger, actual.Ledger);
    }

    private async Task<(BudgetAnswer Answer, IReadOnlyList<LedgerEntry> Ledger)> RunAsync(string name, CuttingProxy.Cut cut, bool prepare)
    {
        await using var proxy = new CuttingProxy(database.ConnectionString);
        await using var store = await OpenAsync(proxy.ConnectionString, Tenant(), prepare);
        await store.SetAsync("a", 100);
        await store.ReserveAsync("a", "held", 1, 10);
        await store.LimitAsync("g", Limit.PerMonth(StoreSteps.Amount(100)));
        await store.GroupAsync("empty");
        await store.GroupAsync("paused");
        await store.PauseAsync("paused");
        await store.AgentAsync("member", under: "g");
        await store.ReserveAsync("member", "held by member", 1, 10);

        proxy.CutNext(cut);
        var answer = await Named[name](store);

        Assert.Equal(cut == CuttingProxy.Cut.None ? 0 : 1, proxy.Cuts);
        await Books.AssertBalancedAsync(store);

        // The same in each run but for the moment that the server's clock told.
        if (answer.Reservation is { } reservation)
        {
            Assert.Equal(reservation, await store.FindReservationAsync(reservation.Id, default));
            answer = answer with { Reservation = reservation with { ExpiresAt = default, EndedAt = null } };
        }

        return (answer, await store.LedgerAsync());
    }
}
