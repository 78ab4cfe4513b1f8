using BenchmarkDotNet.Attributes;
using Npgsql;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.PostgreSql;
using SpendGuard.Pricing;

namespace SpendGuard.Benchmarks;

/// <summary>
/// What a root costs whose limit all calls of 1,000 agents are held in, beside the same agents with budgets of their own only. Several stores are as
/// many processes: each has a queue and connections of its own. Needs a server, as <see cref="PostgresBenchmarks"/>.
/// </summary>
public class HotRootBenchmarks
{
    private const int Calls = 2_560;
    private const int Agents = 1_000;
    private const int Callers = 64;

    private static readonly Usage Usage = new() { Input = 60, Output = 20 };

    private readonly string _database = $"bench_{Guid.NewGuid():N}";
    private SpendGuardEngine[] _engines = [];

    [Params(1, 4)]
    public int Stores { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await PostgresBenchmarks.ExecuteAsync($"CREATE DATABASE {_database} TEMPLATE template0 ENCODING 'UTF8'");
        _engines = await Task.WhenAll(Enumerable.Range(0, Stores).Select(async _ => new SpendGuardEngine(
            await PostgresBudgetStore.OpenAsync(new PostgresStoreOptions
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(PostgresBenchmarks.Server) { Database = _database }.ConnectionString,
                Timeout = TimeSpan.FromMinutes(1),
            }),
            Some.Prices())));
        await _engines[0].SetLimitAsync("root", Limit.PerMonth(Money.FromDollars(1_000_000_000)));
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(async agent =>
        {
            await _engines[0].SetBudgetAsync($"alone {agent}", Money.FromDollars(1_000_000));
            await _engines[0].CreateAgentAsync(agent: $"member {agent}", under: "root");
            await _engines[0].SetBudgetAsync($"member {agent}", Money.FromDollars(1_000_000));
        }));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }

        await PostgresBenchmarks.ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task Alone() => ReserveAndSettleAsync("alone");

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task UnderOneRoot() => ReserveAndSettleAsync("member");

    private Task ReserveAndSettleAsync(string kind) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        var engine = _engines[caller % Stores];
        for (var i = 0; i < Calls / Callers; i++)
        {
            await using var reserved = await engine.ReserveAsync(new ModelCall
            {
                Agent = $"{kind} {((caller * Calls / Callers) + i) % Agents}",
                Model = new ModelKey("openai", Some.CountedModel),
                Shape = new CallShape { InputBound = 200, OutputTokens = 500 },
            });
            await reserved.EndAsync(new ProviderReport { Usage = Usage });
        }
    })));
}
