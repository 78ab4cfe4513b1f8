using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Schema;
using SpendGuard.PostgreSql.Tests.Faults;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Trees;

/// <summary>Commands that share one commit build on one another as if each had been committed before the next.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class TreeBatchTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";

    private PostgresBudgetStore? _store;

    private PostgresBudgetStore Store => _store!;

    public async Task InitializeAsync()
    {
        _store = await PostgresBudgetStore.OpenAsync(Options());
        await Store.LimitAsync("root", Limit.Total(StoreSteps.Amount(1000)));
        await Store.GroupAsync("from", under: "root");
        await Store.GroupAsync("to", under: "root");
        await Store.LimitAsync("to", Limit.PerYear(StoreSteps.Amount(30)));
        await Store.AgentAsync("agent", under: "from");
    }

    public async Task DisposeAsync()
    {
        await AccountTable.AssertBalancedAsync(Store, database.ConnectionString, _tenant);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task MoveAndReserve_TheLimitOfTheNewGroupHolds()
    {
        var answers = await AtOnceAsync(new MoveNode("agent", new NodeId("to"), StoreSteps.Start), Reserve("agent", "r", 1, 50), Reserve("agent", "r2", 1, 50));

        Assert.Equal([BudgetStatus.Applied, BudgetStatus.Applied, BudgetStatus.Locked], answers.Select(answer => answer.Status));
        Assert.Equal(30, answers[1].Reservation!.Held.Microcents);
        Assert.Equal(new AccountKey("to", "year", 1), answers[2].Account?.Key);
    }

    [Fact]
    public async Task MoveOfAGroupAndReserve_TheLimitsAboveItsNewPlaceHold()
    {
        await Store.GroupAsync("deep", under: "to");
        var answers = await AtOnceAsync(new MoveNode("from", new NodeId("deep"), StoreSteps.Start), Reserve("agent", "r", 1, 50));
        Assert.Equal(30, answers[1].Reservation!.Held.Microcents);
        Assert.Equal(["to", "root"], answers[1].Reservation!.Accounts.Select(key => key.Node.Value));
    }

    [Fact]
    public async Task NewLimitAndReserveAndEnd_AreOfOneAccount()
    {
        var answers = await AtOnceAsync(
            new CreateGroup("new", null, new NodeId("to"), StoreSteps.Start),
            new SetLimit("new", Limit.PerYear(StoreSteps.Amount(20)), StoreSteps.Start),
            new CreateAgent("young", null, StoreSteps.Start) { Under = new NodeId("new") },
            Reserve("young", "r", 1, 50),
            new Settle(new ReservationId("r"), StoreSteps.Amount(15), StoreSteps.Start),
            Reserve("young", "r2", 1, 50));

        Assert.All(answers, answer => Assert.Equal(BudgetStatus.Applied, answer.Status));
        Assert.Equal([20, 5], answers.Select(answer => answer.Reservation?.Held.Microcents).OfType<long>().Where((_, i) => i != 1));
    }

    [Fact]
    public async Task PauseAndReserveAndResume_InTheirOrder()
    {
        var answers = await AtOnceAsync(
            new PauseNode("root", null, StoreSteps.Start), Reserve("agent", "r", 1, 50), new ResumeNode("root", StoreSteps.Start), Reserve("agent", "r2", 1, 50));
        Assert.Equal([BudgetStatus.Applied, BudgetStatus.Paused, BudgetStatus.Applied, BudgetStatus.Applied], answers.Select(answer => answer.Status));
    }

    [Fact]
    public async Task LastAgentMovedAwayAndGroupDeleted_AndNobodyCanBePutUnderItAfter()
    {
        var answers = await AtOnceAsync(
            new DeleteGroup("from", StoreSteps.Start),
            new MoveNode("agent", new NodeId("to"), StoreSteps.Start),
            new DeleteGroup("from", StoreSteps.Start),
            new MoveNode("agent", new NodeId("from"), StoreSteps.Start));
        Assert.Equal([BudgetStatus.NotEmpty, BudgetStatus.Applied, BudgetStatus.Applied, BudgetStatus.NoGroup], answers.Select(answer => answer.Status));
    }

    [Fact]
    public async Task LimitSetAgainAndReserve_GoOnWithTheOpenWindow()
    {
        await Store.MoveAsync("agent", "to");
        await Store.ReserveAsync("agent", "before", 10, 10);
        await Store.RemoveLimitAsync("to", "year");

        var answers = await AtOnceAsync(new SetLimit("to", Limit.PerYear(StoreSteps.Amount(40)), StoreSteps.Start), Reserve("agent", "r", 1, 50));

        Assert.All(answers, answer => Assert.Equal(BudgetStatus.Applied, answer.Status));
        Assert.Equal(30, answers[1].Reservation!.Held.Microcents);
    }

    /// <summary>The agent is made between the look at the tree and the one at the budgets.</summary>
    [Fact]
    public async Task Reserve_OfAnAgentThatIsMadeMeanwhile_HoldsUnderItsGroup()
    {
        await Store.SetAsync("other", 1000);
        Task<BudgetAnswer[]> answers;
        await using (var tree = await BudgetLock.MoveAsync(database.ConnectionString, _tenant, "UPDATE spendguard.nodes SET name = 'busy' WHERE id = 'other'"))
        {
            answers = AtOnceAsync(Reserve("other", "r", 1, 50), Reserve("young", "r2", 1, 50));
            await tree.UntilWaitedForAsync();
            await Store.AgentAsync("young", under: "to");
            await Store.SetAsync("young", 1000);
            await tree.CommitAsync();
        }

        Assert.Equal(30, (await answers)[1].Reservation!.Held.Microcents);
    }

    private static Reserve Reserve(string agent, string id, long floor, long ceiling) => new(
        new ReservationId(id), agent, Run: null, "p:m", StoreSteps.Amount(floor), StoreSteps.Amount(ceiling), StoreSteps.Second(300), StoreSteps.Start);

    private PostgresStoreOptions Options(TimeSpan? timeout = null) =>
        new() { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = timeout ?? TestDatabase.Patience };

    /// <summary>Commits them as one batch.</summary>
    private async Task<BudgetAnswer[]> AtOnceAsync(params BudgetCommand[] commands)
    {
        var options = Options(TimeSpan.FromSeconds(20));
        await using var data = PostgresConnections.Of(options);
        using var opening = new StoreOpening(options, data, NullLogger.Instance);
        var queued = commands.Select(command => new QueuedCommand(command, TimeProvider.System)).ToList();
        await new Committer(options, data, opening, NullLogger.Instance).CommitAsync(queued);
        return await Task.WhenAll(queued.Select(one => one.Task));
    }
}
