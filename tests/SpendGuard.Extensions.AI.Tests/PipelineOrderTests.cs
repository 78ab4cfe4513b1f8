#pragma warning disable MEAI001, OPENAI001 // Failover is for evaluation only; a pipeline that has it is checked all the same.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpendGuard.Budgets;

namespace SpendGuard.Extensions.AI.Tests;

public sealed class PipelineOrderTests : IAsyncLifetime
{
    private const string RightOrder = "UseDistributedCache().UseFunctionInvocation().UseSpendGuard(agentId)";

    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("function invocation")]
    [InlineData("cache")]
    [InlineData("failover")]
    [InlineData("SpendGuard")]
    public void Build_IsAboveWhatItHasToBeBelow_ThrowsWithTheRightOrder(string below)
    {
        var builder = _guarded.Completions().AsBuilder().UseSpendGuard("a", _guarded.Engine);
        builder = below switch
        {
            "function invocation" => builder.UseFunctionInvocation(),
            "cache" => builder.UseDistributedCache(_cache),
            "failover" => new OrderedFailoverChatClient([_guarded.Completions(), _guarded.Responses()]).AsBuilder()
                .UseSpendGuard("a", _guarded.Engine),
            _ => builder.UseSpendGuard("b", _guarded.Engine),
        };

        var failure = Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Contains(RightOrder, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConfigureOptionsChatClient")]
    [InlineData("AnonymousDelegatingChatClient")]
    [InlineData("ReducingChatClient")]
    [InlineData("Retries")]
    public async Task Build_HasBelowWhatCouldChangeACall_ThrowsUnlessItIsAllowedByName(string name)
    {
        IChatClient Leaf()
        {
            var builder = _guarded.Completions().AsBuilder();
            return name switch
            {
                "ConfigureOptionsChatClient" => builder.ConfigureOptions(options => options.MaxOutputTokens *= 130).Build(),
                "AnonymousDelegatingChatClient" => builder.Use((messages, options, next, stop) => next([.. messages, .. messages], options, stop)).Build(),
                "ReducingChatClient" => builder.UseChatReducer(new MessageCountingChatReducer(1)).Build(),
                _ => new Retries(builder.UseLogging(NullLoggerFactory.Instance).Build()),
            };
        }

        var refusal = Assert.Throws<InvalidOperationException>(() => _guarded.Guard(Leaf().AsBuilder().UseOpenTelemetry().Build()));
        Assert.Contains(RightOrder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"AllowedFeatures.Add(\"{name}\")", refusal.Message, StringComparison.Ordinal);

        await _guarded.Guard(Leaf(), configure: client => client.AllowedFeatures.Add(name))
            .GetResponseAsync("hello", new ChatOptions { MaxOutputTokens = 10 });
        Assert.Equal(name, (await _guarded.EndAsync()).Unbounded);
        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.Equal((128_000 * 250) + (10 * 1000), held.Microcents);
    }

    [Fact]
    public async Task Build_HasBelowWhatOnlyLooksOn_Meters()
    {
        var leaf = _guarded.Completions().AsBuilder().UseLogging(NullLoggerFactory.Instance).UseOpenTelemetry(configure: _ => { }).Build();
        await _guarded.Guard(leaf).GetResponseAsync("hello");
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public void Build_OfOtherKinds_HaveBelowWhatCouldChangeACall_Throw()
    {
        const string Allow = "AllowedFeatures.Add(\"ConfigureOptions";
        var audio = new OpenAI.Audio.AudioClient("whisper-1", "k");
        Func<object>[] builds =
        [
            () => _guarded.Embeddings().AsBuilder().UseSpendGuard("a", _guarded.Engine).ConfigureOptions(options => options.ModelId = "other").Build(),
            () => new OpenAI.Images.ImageClient("dall-e-3", "k").AsIImageGenerator().AsBuilder().UseSpendGuard("a", _guarded.Engine)
                .ConfigureOptions(options => options.Count = 10).Build(),
            () => audio.AsISpeechToTextClient().AsBuilder().UseSpendGuard("a", _guarded.Engine).ConfigureOptions(_ => { }).Build(),
            () => audio.AsITextToSpeechClient().AsBuilder().UseSpendGuard("a", _guarded.Engine).ConfigureOptions(_ => { }).Build(),
        ];
        Assert.All(builds, build => Assert.Contains(Allow, Assert.Throws<InvalidOperationException>(build).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_IsInnermost_MetersOnceAndNotACachedAnswer()
    {
        var agent = _guarded.Completions().AsBuilder()
            .UseDistributedCache(_cache).UseFunctionInvocation().UseSpendGuard("a", _guarded.Engine).Build();
        var first = await agent.GetResponseAsync("hello world");
        var second = await agent.GetResponseAsync("hello world");

        Assert.Equal(first.Text, second.Text);
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Build_EachFailoverTargetIsGuarded_ChargesTheOneThatAnswers()
    {
        var agent = new OrderedFailoverChatClient([_guarded.Chat("gpt-4o-unknown"), _guarded.Chat("gpt-4o-mini")]);
        await agent.GetResponseAsync("hello world");

        Assert.Equal("gpt-4o-mini", Assert.Single(_guarded.Provider.Calls).Model);
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
        services.AddChatClient(_guarded.Completions()).UseFunctionInvocation().UseSpendGuard("a");
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SpendGuardEngine>();
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await provider.GetRequiredService<IChatClient>().GetResponseAsync("hello world");

        var budget = await engine.FindBudgetAsync("a");
        Assert.Equal(_guarded.Provider.Bill.TotalMicrocents, budget!.Spent.Microcents);
        Assert.NotEqual(0, budget.Spent.Microcents);
    }

    [Fact]
    public void Build_NoEngineIsRegistered_Throws()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        Assert.Throws<InvalidOperationException>(() => _guarded.Completions().AsBuilder().UseSpendGuard("a").Build(services));
    }

    private sealed class Retries(IChatClient inner) : DelegatingChatClient(inner);
}
