using Microsoft.Extensions.Time.Testing;
using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>What the server does to its clients.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class ServerFaultTests : IAsyncLifetime
{
    private const string TerminateOne =
        """
        SELECT count(pg_terminate_backend(pid)) FROM (
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'test'
            ORDER BY random() LIMIT 1) AS other
        """;

    private readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Backends_TerminatedAgainAndAgain_EveryCommandCountsOnce()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        string[] agents = ["a", "b", "c"];
        foreach (var agent in agents)
        {
            await one.SetAsync(agent, 100_000);
        }

        var done = 0;
        var terminated = 0L;
        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => Task.Run(async () =>
        {
            var store = caller % 2 == 0 ? one : two;
            var seen = new List<(BudgetStatus, BudgetStatus)>();
            for (var i = 0; i < 25; i++)
            {
                var held = await store.ReserveAsync(agents[(caller + i) % 3], $"{caller}.{i}", 7, 9);
                seen.Add((held.Status, (await store.SettleAsync($"{caller}.{i}", 5)).Status));
                if (Interlocked.Increment(ref done) % 5 == 0)
                {
                    Interlocked.Add(ref terminated, (long)(await _database.QueryAsync(TerminateOne))!);
                }
            }

            return seen;
        })));

        Assert.NotEqual(0, terminated);
        Assert.All(statuses.SelectMany(seen => seen), status => Assert.Equal((BudgetStatus.Applied, BudgetStatus.Applied), status));
        foreach (var agent in agents)
        {
            Assert.Equal(100 * 5, (await one.BudgetAsync(agent)).Spent.Microcents);
        }

        await Books.AssertBalancedAsync(two);
    }

    [Fact]
    public async Task RowLockedForTooLong_IsRefusedAndLeavesNoTrace()
    {
        var clock = new FakeTimeProvider();
        await using var store = await OpenAsync(clock);
        await store.SetAsync("a", 100);
        await using (var locked = await BudgetLock.TakeAsync(_database.ConnectionString, "default"))
        {
            var refused = store.ReserveAsync("a", "r", 1, 1);
            await locked.UntilWaitedForAsync();
            clock.Advance(TestDatabase.Patience);
            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => refused);
            Assert.Contains("Nothing was written", exception.Message, StringComparison.Ordinal);
        }

        Assert.Null(await store.FindReservationAsync(new ReservationId("r"), default));
        Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("a", "r", 1, 1)).Status);
    }

    [Fact]
    public async Task Checks_AreABackstop()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 100);
        await _database.ExecuteAsync("ALTER TABLE spendguard.agent_budgets ADD CHECK (held < 50)");

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReserveAsync("a", "r", 60, 60));

        Assert.Contains("would not have balanced", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await store.BudgetAsync("a")).Held.Microcents);
        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task BudgetThatIsNotWhatWasRead_IsNotWritten()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 100);
        var work = new WorkingSet(new AlertMemory());
        work.Load(await store.BudgetAsync("a"), entry: 99);
        var reserve = new Reserve(
            new ReservationId("r"), "a", Run: null, Model: null, Money.Zero, StoreSteps.Amount(60), StoreSteps.Second(1), StoreSteps.Start);
        var attempt = new Attempt([new QueuedCommand(reserve, TimeProvider.System)], work);
        attempt.Decide();

        // As on a server whose row locks do not hold.
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => new BatchWriter("default").WriteAsync(connection, attempt, prepare: true, notify: true, default));

        Assert.Equal("entry", refusal.ColumnName);
        Assert.True(PostgresFaults.IsUndone(refusal) && PostgresFaults.IsTransient(refusal));
        await transaction.RollbackAsync();
        Assert.Equal(0, (await store.BudgetAsync("a")).Held.Microcents);
        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task Tenants_SeeNothingOfOneAnother()
    {
        await using var one = await OpenAsync(tenant: "one");
        await using var two = await OpenAsync(tenant: "two");
        await one.SetAsync("a", 100, key: "k");
        await one.ReserveAsync("a", "r", 1, 10);
        await one.ApplyAsync(new CreateAgent("b", "name", StoreSteps.Start), default);

        Assert.Null(await two.FindBudgetAsync("a", default));
        Assert.Null(await two.FindReservationAsync(new ReservationId("r"), default));
        Assert.Empty(await two.ListAgentsAsync(after: null, 10, default));
        Assert.Empty(await two.LedgerAsync());
        Assert.Empty(await two.FindInFlightAsync(expiredAt: null, agent: null, 10, default));
        Assert.Equal(BudgetStatus.NoReservation, (await two.SettleAsync("r", 1)).Status);
        Assert.Equal(BudgetStatus.NoBudget, (await two.ReserveAsync("a", "r", 1, 10)).Status);
        Assert.Equal(BudgetStatus.NoAgent, (await two.ApplyAsync(new DeleteAgent("b", StoreSteps.Start), default)).Status);

        Assert.Equal(1, (await two.SetAsync("a", 50, key: "k")).Sequence);
        Assert.Equal(BudgetStatus.Applied, (await two.ReserveAsync("a", "r", 1, 20)).Status);
        Assert.Equal(10, (await one.BudgetAsync("a")).Held.Microcents);
        await Books.AssertBalancedAsync(one);
        await Books.AssertBalancedAsync(two);
    }

    private Task<PostgresBudgetStore> OpenAsync(TimeProvider? clock = null, string tenant = "default") => PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions
        {
            ConnectionString = _database.ConnectionString,
            Timeout = TestDatabase.Patience,
            Clock = clock ?? TimeProvider.System,
            Tenant = tenant,
        });
}
