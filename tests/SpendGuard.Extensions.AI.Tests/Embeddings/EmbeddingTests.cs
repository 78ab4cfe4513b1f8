using System.ClientModel;
using CsCheck;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Embeddings;

/// <summary>The decorator of embedding generators, over the real adapter.</summary>
public sealed class EmbeddingTests : IAsyncLifetime
{
    private static readonly int Iterations = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 20_000 : 200;

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(10));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Fact]
    public async Task Generate_SeveralInputs_HoldsAllBeforeTheyArriveAndPaysWhatIsBilled()
    {
        var held = Money.Zero;
        _guarded.Provider.OnArrival = async _ => held = (await _guarded.BudgetAsync()).Held;
        var embeddings = await Guard("text-embedding-3-large").GenerateAsync(["hello world", "a budget", "ភាសាខ្មែរ"]);

        Assert.Equal(3, embeddings.Count);
        Assert.True(held.Microcents >= _guarded.Provider.Bill.TotalMicrocents);
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents, embeddings.AdditionalProperties![SettlementProperties.ChargedMicrocents]);
        Assert.Equal(held.Microcents, embeddings.AdditionalProperties[SettlementProperties.HeldMicrocents]);
        Assert.Equal("settled", embeddings.AdditionalProperties[SettlementProperties.End]);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Generate_AnyTexts_HoldIsNoLessThanTheBill()
    {
        var generator = Guard();
        await Gen.String[0, 60].Array[1, 8].SampleAsync(
            async texts =>
            {
                // An empty text costs nothing, which is no usage.
                var embeddings = await generator.GenerateAsync(texts.Select(text => "a" + text));
                var charged = (long)embeddings.AdditionalProperties![SettlementProperties.ChargedMicrocents]!;
                Assert.InRange(charged, 1, (long)embeddings.AdditionalProperties[SettlementProperties.HeldMicrocents]!);
            },
            iter: Iterations,
            threads: 1);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generate_ZeroOrNoUsage_ForfeitsTheHold(bool zero)
    {
        _guarded.Provider.Behaviour = new Behaviour { ZeroUsage = zero, OmitUsage = !zero };
        await Guard().GenerateAsync(["hello world"]);

        var ledger = await _guarded.LedgerAsync();
        Assert.Equal(LedgerEntryKind.Forfeited, ledger[^1].Kind);
        Assert.Equal(ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount, ledger[^1].Spent);
    }

    /// <summary>The settings are the same for all kinds of clients.</summary>
    [Fact]
    public async Task Generate_ProjectIsSetToADearerTier_IsHeldAndPaidAtIt()
    {
        var prices = _guarded.Engine.Prices;
        var card = prices.Current.Find(new ModelKey("openai", "text-embedding-3-small"), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow)[0];
        prices.Swap(prices.Current.With(card with { ServiceTiers = card.ServiceTiers.SetItem("priority", new ServiceTier(2, 2)) }));
        var generator = _guarded.Embeddings().AsBuilder()
            .UseSpendGuard("a", _guarded.Engine, configure: settings => settings.ServiceTier = "priority").Build();
        var embeddings = await generator.GenerateAsync(["hello world"]);

        var charged = (long)embeddings.AdditionalProperties![SettlementProperties.ChargedMicrocents]!;
        Assert.Equal(2 * _guarded.Provider.Bill.TotalMicrocents, charged);
        Assert.InRange(charged, 1, (long)embeddings.AdditionalProperties[SettlementProperties.HeldMicrocents]!);
    }

    [Fact]
    public async Task Generate_BudgetIsTooSmall_IsRefusedUnsent()
    {
        await _guarded.SetBudgetAsync(Money.FromMicrocents(10), agent: "poor");
        var generator = _guarded.Embeddings().AsBuilder().UseSpendGuard("poor", _guarded.Engine).Build();
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => generator.GenerateAsync(["hello world"]));

        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Generate_ModelWithoutAPrice_IsRefusedUnsent()
    {
        var refusal = await Assert.ThrowsAsync<UnknownModelException>(() => Guard("text-embedding-3-smol").GenerateAsync(["hello"]));

        Assert.Contains("text-embedding-3-small", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Generate_OptionsNameAnotherModel_IsPricedByIt()
    {
        await Guard().GenerateAsync(["hello world"], new EmbeddingGenerationOptions { ModelId = "text-embedding-3-large" });

        Assert.Equal("text-embedding-3-large", Assert.Single(_guarded.Provider.Calls).Model);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(400, LedgerEntryKind.Released)]
    [InlineData(429, LedgerEntryKind.Released)]
    [InlineData(500, LedgerEntryKind.Forfeited)]
    public async Task Generate_ProviderFails_IsReleasedOnlyIfNothingWasBilled(int status, LedgerEntryKind end)
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status };
        await Assert.ThrowsAsync<ClientResultException>(() => Guard().GenerateAsync(["hello world"]));

        Assert.Equal(end, (await _guarded.EndAsync()).Kind);
    }

    [Fact]
    public async Task Generate_InputHasNoBound_IsRefusedByItsName()
    {
        using var inner = new AnyInput();
        var generator = inner.AsBuilder().UseSpendGuard("a", _guarded.Engine).Build();
        await generator.GenerateAsync([new TextContent("hello")]);
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => generator.GenerateAsync([new DataContent(new byte[] { 1 }, "audio/wav")]));

        Assert.Equal("audio/wav", refusal.Feature);
        Assert.Equal(1, inner.Calls);
    }

    [Fact]
    public async Task Generate_RawRequest_IsRefusedOrMarked()
    {
        var options = new EmbeddingGenerationOptions { RawRepresentationFactory = _ => new OpenAI.Embeddings.EmbeddingGenerationOptions() };
        await Assert.ThrowsAsync<UnboundedCostException>(() => Guard().GenerateAsync(["hello"], options));
        await _guarded.AssertNothingHappenedAsync();

        var allowing = _guarded.Embeddings().AsBuilder()
            .UseSpendGuard("a", _guarded.Engine, generator => generator.AllowedFeatures.Add("RawRepresentationFactory")).Build();
        await allowing.GenerateAsync(["hello"], options);

        Assert.Equal("RawRepresentationFactory", (await _guarded.EndAsync()).Unbounded);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Build_CacheIsBelow_Throws_AndAboveAHitCostsNothing()
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var wrong = _guarded.Embeddings().AsBuilder().UseSpendGuard("a", _guarded.Engine).UseDistributedCache(cache);
        Assert.Throws<InvalidOperationException>(() => wrong.Build());
        Assert.Throws<InvalidOperationException>(
            () => _guarded.Embeddings().AsBuilder().UseSpendGuard("a", _guarded.Engine).UseSpendGuard("a", _guarded.Engine).Build());

        var right = _guarded.Embeddings().AsBuilder().UseDistributedCache(cache).UseSpendGuard("a", _guarded.Engine).Build();
        await right.GenerateAsync(["hello world"]);
        await right.GenerateAsync(["hello world"]);

        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Build_WithDependencyInjection_TakesTheRegisteredEngine()
    {
        var services = new ServiceCollection();
        services.AddSpendGuard(options =>
        {
            options.UseInMemoryStore();
            options.Prices = () => MirroredPrices.Book();
        });
        services.AddEmbeddingGenerator(_guarded.Embeddings()).UseSpendGuard("a");
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SpendGuardEngine>();
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["hello world"]);

        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents, (await engine.FindBudgetAsync("a"))!.Spent.Microcents);
    }

    private IEmbeddingGenerator<string, Embedding<float>> Guard(string model = "text-embedding-3-small") =>
        _guarded.Embeddings(model).AsBuilder().UseSpendGuard("a", _guarded.Engine).Build();

    /// <summary>A generator for any content, which no adapter at hand has.</summary>
    private sealed class AnyInput : IEmbeddingGenerator<AIContent, Embedding<float>>
    {
        public int Calls { get; private set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<AIContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>([new(new float[] { 1 })]) { Usage = new() { InputTokenCount = 1 } });
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", null, "text-embedding-3-small") : null;

        public void Dispose()
        {
        }
    }
}
