using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace SpendGuard.Benchmarks;

/// <summary>What a decorated chat call costs on top of a provider that takes no time.</summary>
[MemoryDiagnoser]
public class DecoratorBenchmarks
{
    private readonly ChatOptions _options = new() { MaxOutputTokens = 500 };
    private readonly List<SpendGuardEngine> _engines = [];
    private IChatClient _bare = null!;
    private IChatClient _delegating = null!;
    private IChatClient _openTelemetry = null!;
    private IChatClient _nothing = null!;
    private IChatClient _nothingByBytes = null!;
    private IChatClient _inMemory = null!;

    [GlobalSetup]
    public async Task SetUp()
    {
        _bare = new FixedChatClient();
        _delegating = new PassOn(new FixedChatClient());
        _openTelemetry = new FixedChatClient().AsBuilder().UseOpenTelemetry().Build();
        _nothing = await GuardAsync(new NothingStore(), Some.CountedModel);
        _nothingByBytes = await GuardAsync(new NothingStore(), Some.UncountedModel);
        _inMemory = await GuardAsync(new ShortMemoryStore(), Some.CountedModel);
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Benchmark(Baseline = true)]
    public Task<ChatResponse> Bare() => CallAsync(_bare);

    [Benchmark]
    public Task<ChatResponse> Delegating() => CallAsync(_delegating);

    [Benchmark]
    public Task<ChatResponse> OpenTelemetryIdle() => CallAsync(_openTelemetry);

    [Benchmark]
    public Task<ChatResponse> SpendGuardNoStoreInputByBytes() => CallAsync(_nothingByBytes);

    [Benchmark]
    public Task<ChatResponse> SpendGuardNoStore() => CallAsync(_nothing);

    [Benchmark]
    public Task<ChatResponse> SpendGuardInMemory() => CallAsync(_inMemory);

    private Task<ChatResponse> CallAsync(IChatClient client) => client.GetResponseAsync(Some.Conversation, _options);

    private async Task<IChatClient> GuardAsync(Storage.IBudgetStore store, string model)
    {
        var engine = await Some.EngineAsync(store);
        _engines.Add(engine);
        return new FixedChatClient().AsBuilder().UseSpendGuard(Some.Agent, engine, client => client.Model = model).Build();
    }

    private sealed class PassOn(IChatClient inner) : DelegatingChatClient(inner);
}
