using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Trees;

/// <summary>Several stores move, hold, end and delete in one tree at once, and none ever waits for another in a circle.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class TreeStormTests : IAsyncLifetime
{
    private const int Stores = 4;
    private const int CommandsOfACaller = 60;
    private const int Agents = 6;

    private static readonly string[] Groups = ["z root", "a team", "m team", "b squad", "y squad"];

    private readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public Task ManyStoresThatMoveAndHoldAtOnce_NeverDeadlock_AndTheBooksBalance() => RunAsync(callersOfAStore: 6, MakeTreeAsync, OneCommandAsync);

    /// <summary>Who ends a call locks the budget and not the agent's place; who holds one locks the place first.</summary>
    [Fact]
    public Task ManyStoresThatHoldAndEndForOneAgent_NeverDeadlock() => RunAsync(
        callersOfAStore: 1,
        async store => await store.SetAsync("agent 0", 1_000_000),
        async (store, id, random) =>
        {
            await store.ReserveAsync("agent 0", id, 1, 10);
            await store.SettleAsync(id, random.Next(10));
        });

    private async Task RunAsync(int callersOfAStore, Func<PostgresBudgetStore, Task> prepare, Func<PostgresBudgetStore, string, Random, Task> work)
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, Stores).Select(_ => PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = _database.ConnectionString, Timeout = TestDatabase.Patience })));
        await prepare(stores[0]);

        await Task.WhenAll(Enumerable.Range(0, Stores * callersOfAStore).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var command = 0; command < CommandsOfACaller; command++)
            {
                await work(stores[caller % Stores], $"{caller} {command}", random);
            }
        })));

        await AccountTable.AssertBalancedAsync(stores[1], _database.ConnectionString, "default");
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        // A server counts them once the connection that ran into one has told.
        Assert.Equal(0L, await _database.QueryAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }

    private static async Task MakeTreeAsync(PostgresBudgetStore store)
    {
        for (var i = 0; i < Groups.Length; i++)
        {
            await store.GroupAsync(Groups[i], under: i == 0 ? null : i < 3 ? Groups[0] : Groups[i - 2]);
            await store.LimitAsync(Groups[i], Limit.PerYear(StoreSteps.Amount(5_000)));
            await store.LimitAsync(Groups[i], Limit.Rolling(StoreSteps.Amount(5_000), TimeSpan.FromDays(1)));
        }

        for (var i = 0; i < Agents; i++)
        {
            await store.AgentAsync($"agent {i}", under: Groups[(i % (Groups.Length - 1)) + 1]);
        }
    }

    private static async Task OneCommandAsync(PostgresBudgetStore store, string id, Random random)
    {
        var (agent, group) = ($"agent {random.Next(Agents)}", Groups[random.Next(Groups.Length)]);
        switch (random.Next(12))
        {
            case 0:
                await store.MoveAsync(agent, Groups[random.Next(Groups.Length)]);
                break;
            case 1:
                await store.MoveAsync(group, Groups[random.Next(Groups.Length)]);
                break;
            case 2:
                await store.LimitAsync(group, Limit.PerYear(StoreSteps.Amount(random.Next(4_000, 6_000))));
                break;
            case 3:
                await store.GroupAsync(id, under: group);
                await store.DeleteGroupAsync(id);
                break;
            case 4:
                await store.PauseAsync(group);
                await store.ResumeAsync(group);
                break;
            case 5:
                await store.DeleteGroupAsync(group);
                break;
            default:
                await store.ReserveAsync(agent, id, 1, 10, run: $"run {random.Next(3)}", runLimit: 100_000);
                await store.SettleAsync(id, random.Next(10));
                break;
        }
    }
}
