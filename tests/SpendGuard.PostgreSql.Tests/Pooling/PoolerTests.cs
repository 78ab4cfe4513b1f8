using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Pooling;

/// <summary>Many callers on few connections that change between transactions, beside a program that prepares statements.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PoolerTests(PooledDatabase database) : IClassFixture<PooledDatabase>
{
    [Theory]
    [InlineData("noticed")]
    [InlineData("address")]
    [InlineData("keyword")]
    [InlineData("option")]
    [InlineData("data source")]
    public async Task Calls_ThroughAPooler_AreAllMade(string how)
    {
        var tenant = $"tenant {Guid.NewGuid()}";
        await using var shared = new NpgsqlSlimDataSourceBuilder(database.ConnectionString).EnableArrays().Build();
        var options = new PostgresStoreOptions
        {
            ConnectionString = how switch
            {
                "address" => database.Address + "?pgbouncer=true&connection_limit=20",
                "keyword" => database.ConnectionString + ";pgbouncer=true",
                "data source" => null,
                _ => database.ConnectionString,
            },
            DataSource = how == "data source" ? shared : null,
            Prepare = how != "option",
            Tenant = tenant,
            Timeout = TestDatabase.Patience,
        };
        await using var one = await PostgresBudgetStore.OpenAsync(options);
        await using var two = await PostgresBudgetStore.OpenAsync(options);
        await one.SetAsync("a", 1_000_000);
        await one.SetAsync("b", 1_000_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var store = caller % 2 == 0 ? one : two;
            var seen = new List<BudgetStatus>();
            for (var call = 0; call < 20; call++)
            {
                seen.Add((await store.ReserveAsync(caller % 4 < 2 ? "a" : "b", $"{caller}.{call}", 7, 9)).Status);
                seen.Add((await store.SettleAsync($"{caller}.{call}", 5)).Status);
                Assert.NotNull(await store.FindReservationAsync(new ReservationId($"{caller}.{call}"), default));
            }

            return seen;
        })));

        Assert.All(answers.SelectMany(seen => seen), status => Assert.Equal(BudgetStatus.Applied, status));
        await Books.AssertBalancedAsync(one);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pooler_IsNoticed_AndNoneIsNot(bool pooled)
    {
        await using var direct = new DirectDatabase();
        await direct.InitializeAsync();
        using var log = new RecordedLog();
        using var factory = new LoggerFactory([log]);
        await using var store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = pooled ? database.ConnectionString : direct.ConnectionString, Timeout = TestDatabase.Patience },
            factory.CreateLogger<PostgresBudgetStore>());

        Assert.Equal(pooled, log.Everything.Any(entry => entry.Contains("pooler", StringComparison.Ordinal)));
    }

    private sealed class DirectDatabase : IAsyncDisposable
    {
        private readonly TestDatabase _database = new();

        public string ConnectionString => _database.ConnectionString;

        public Task InitializeAsync() => _database.InitializeAsync();

        public async ValueTask DisposeAsync() => await _database.DisposeAsync();
    }
}
