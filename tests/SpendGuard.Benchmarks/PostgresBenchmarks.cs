using BenchmarkDotNet.Attributes;
using Npgsql;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.PostgreSql;
using SpendGuard.Pricing;

namespace SpendGuard.Benchmarks;

/// <summary>
/// What it costs to reserve and settle a call on PostgreSQL, each time two commits, by the number of agents and of callers at once.
/// Needs a server: SPENDGUARD_TEST_POSTGRES is the connection string of a superuser.
/// </summary>
[MemoryDiagnoser]
public class PostgresBenchmarks
{
    private const int Calls = 640;

    private static readonly Usage Usage = new() { Input = 60, Output = 20 };

    private readonly string _database = $"bench_{Guid.NewGuid():N}";
    private SpendGuardEngine _engine = null!;

    internal static string Server => Environment.GetEnvironmentVariable("SPENDGUARD_TEST_POSTGRES") is { Length: > 0 } server
        ? server
        : throw new InvalidOperationException("Set SPENDGUARD_TEST_POSTGRES to the connection string of a superuser.");

    [Params(1, 100)]
    public int Agents { get; set; }

    [Params(1, 64)]
    public int Callers { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {_database} TEMPLATE template0 ENCODING 'UTF8'");
        _engine = new SpendGuardEngine(
            await PostgresBudgetStore.OpenAsync(new PostgresStoreOptions
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = _database }.ConnectionString,
                Timeout = TimeSpan.FromMinutes(1),
            }),
            Some.Prices());
        for (var agent = 0; agent < Agents; agent++)
        {
            await _engine.SetBudgetAsync($"agent {agent}", Money.FromDollars(1_000_000_000));
        }
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _engine.DisposeAsync();
        await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Postgres() => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        for (var i = 0; i < Calls / Callers; i++)
        {
            await using var reserved = await _engine.ReserveAsync(new ModelCall
            {
                Agent = $"agent {(caller + i) % Agents}",
                Model = new ModelKey("openai", Some.CountedModel),
                Shape = new CallShape { InputBound = 200, OutputTokens = 500 },
            });
            await reserved.EndAsync(new ProviderReport { Usage = Usage });
        }
    })));

    internal static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
