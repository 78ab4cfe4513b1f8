using BenchmarkDotNet.Attributes;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Benchmarks;

/// <summary>What it costs to reserve and settle a call that is held in many accounts, beside one that is held in its agent's budget alone.</summary>
public class TreeBenchmarks
{
    private const int Calls = 3_200;
    private const int Levels = 4;

    private static readonly Usage Usage = new() { Input = 60, Output = 20 };

    private SpendGuardEngine _engine = null!;
    private DirectoryInfo? _folder;

    [Params(1, 64)]
    public int Callers { get; set; }

    [IterationSetup]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("spendguard-");
        var store = SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "bench.db") }).GetAwaiter().GetResult();
        _engine = Some.EngineAsync(store).GetAwaiter().GetResult();
        GrowAsync().GetAwaiter().GetResult();
    }

    [IterationCleanup]
    public void Close()
    {
        _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder?.Delete(recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task OneAccount() => ReserveAndSettleAsync(Some.Agent);

    /// <summary>Four levels, each with a limit for a day, a month and a rolling hour.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public Task TwelveAccounts() => ReserveAndSettleAsync("member");

    private async Task GrowAsync()
    {
        NodeId? above = null;
        for (var level = 1; level <= Levels; level++)
        {
            NodeId node = level == Levels ? "member" : $"group {level}";
            if (level == Levels)
            {
                await _engine.CreateAgentAsync(agent: "member", under: above);
            }
            else
            {
                await _engine.CreateGroupAsync(node, under: above);
            }

            await _engine.SetLimitAsync(node, Limit.PerDay(Money.FromDollars(100_000)));
            await _engine.SetLimitAsync(node, Limit.PerMonth(Money.FromDollars(100_000), "Europe/Berlin"));
            await _engine.SetLimitAsync(node, Limit.Rolling(Money.FromDollars(100_000), TimeSpan.FromHours(1)));
            above = node;
        }
    }

    private Task ReserveAndSettleAsync(AgentId agent) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        var call = new ModelCall
        {
            Agent = agent,
            Model = new ModelKey("openai", Some.CountedModel),
            Shape = new CallShape { InputBound = 200, OutputTokens = 500 },
        };
        for (var i = 0; i < Calls / Callers; i++)
        {
            await using var reserved = await _engine.ReserveAsync(call);
            await reserved.EndAsync(new ProviderReport { Usage = Usage });
        }
    })));
}
