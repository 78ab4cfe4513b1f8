using BenchmarkDotNet.Attributes;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Benchmarks;

/// <summary>What it costs to reserve and settle a call, each time two commits, by store and by the number of callers at once.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Calls = 6_400;

    private static readonly ModelCall Call = new()
    {
        Agent = Some.Agent,
        Model = new ModelKey("openai", Some.CountedModel),
        Shape = new CallShape { InputBound = 200, OutputTokens = 500 },
    };

    private static readonly Usage Usage = new() { Input = 60, Output = 20 };

    private SpendGuardEngine _engine = null!;
    private DirectoryInfo? _folder;

    [Params(1, 64)]
    public int Callers { get; set; }

    [IterationSetup(Target = nameof(NoStore))]
    public void SetUpNoStore() => Open(new NothingStore());

    [IterationSetup(Target = nameof(InMemory))]
    public void SetUpInMemory() => Open(new InMemoryBudgetStore());

    [IterationSetup(Target = nameof(SqliteFull))]
    public void SetUpSqlite()
    {
        _folder = Directory.CreateTempSubdirectory("spendguard-");
        Open(SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "bench.db") }).GetAwaiter().GetResult());
    }

    [IterationCleanup]
    public void Close()
    {
        _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder?.Delete(recursive: true);
        _folder = null;
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task NoStore() => ReserveAndSettleAsync();

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task InMemory() => ReserveAndSettleAsync();

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task SqliteFull() => ReserveAndSettleAsync();

    private Task ReserveAndSettleAsync() => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < Calls / Callers; i++)
        {
            await using var reserved = await _engine.ReserveAsync(Call);
            await reserved.EndAsync(new ProviderReport { Usage = Usage });
        }
    })));

    private void Open(IBudgetStore store) => _engine = Some.EngineAsync(store).GetAwaiter().GetResult();
}
