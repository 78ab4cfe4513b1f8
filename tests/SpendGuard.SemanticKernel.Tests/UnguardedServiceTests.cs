#pragma warning disable SKEXP0001, SKEXP0010, CS0618 // Experimental and obsolete services bill as well as the others.

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Embeddings;
using Microsoft.SemanticKernel.TextToImage;
using SpendGuard.Extensions.AI;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>What cannot be guarded is found out and named, and never run.</summary>
public sealed class UnguardedServiceTests : IAsyncLifetime
{
    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(Service.ChatClient, "IChatClient 'late'")]
    [InlineData(Service.ChatCompletion, "IChatCompletionService 'late'")]
    [InlineData(Service.Connector, "IChatCompletionService 'late'")]
    public async Task Service_IsRegisteredAfterTheGuard_KernelIsNotBuilt(string service, string name)
    {
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, Service.ChatClient);
        builder.AddSpendGuard("a", _guarded.Engine);
        _guarded.Add(builder, service, key: "late");
        var refusal = Assert.Throws<UnguardedServiceException>(builder.Build);

        Assert.StartsWith(name, refusal.Service, StringComparison.Ordinal);
        Assert.Contains("Call AddSpendGuard last", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Service_IsRegisteredAfterTheGuardOfAHost_KernelIsNotMade()
    {
        var services = new ServiceCollection();
        services.AddKernel().AddSpendGuard("a", _guarded.Engine);
        services.AddOpenAIChatCompletion(GuardedKernel.Model, _guarded.OpenAI);
        await using var host = services.BuildServiceProvider();

        Assert.Throws<UnguardedServiceException>(() => host.GetRequiredService<Kernel>());
        Assert.Throws<UnguardedServiceException>(() => host.GetRequiredService<Kernel>());
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Host_MakesItsKernels_TheyAreMetered()
    {
        var services = new ServiceCollection();
        services.AddOpenAIChatCompletion(GuardedKernel.Model, _guarded.OpenAI);
        services.AddSingleton(_guarded.Engine);
        services.AddKernel().AddSpendGuard("a");

        // Not disposed: that would take the engine of the other tests along.
        var host = services.BuildServiceProvider();
        await host.GetRequiredService<Kernel>().InvokePromptAsync("hello");
        await host.GetRequiredService<Kernel>().InvokePromptAsync("hello");

        await _guarded.AssertMeteredAsync(calls: 2);
    }

    [Fact]
    public async Task Connector_IsNotKnown_IsRefusedByNameWithItsReplacement()
    {
        var kernel = Build(services => services.AddKeyedSingleton<IChatCompletionService>("own", new OwnConnector()));
        var refusal = Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<IChatCompletionService>("own"));
        Assert.Equal("IChatCompletionService 'own' (OwnConnector)", refusal.Service);
        Assert.Contains("Register the provider's IChatClient", refusal.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<UnguardedServiceException>(() => kernel.InvokePromptAsync("hello"));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Connector_IsAllowed_RunsWithoutAGuard()
    {
        var kernel = Build(
            services => services.AddSingleton<IChatCompletionService>(new OwnConnector()),
            options => options.AllowedServices.Add(typeof(OwnConnector)));

        Assert.Equal("For nothing.", (await kernel.InvokePromptAsync("hello")).ToString());
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public void ServicesWithoutAGuard_AreRefused()
    {
        var kernel = Build(services => services
            .AddOpenAITextEmbeddingGeneration("text-embedding-3-small", _guarded.OpenAI)
            .AddOpenAITextToImage("key", modelId: "dall-e-3")
            .AddSingleton<OwnClient>());

        Assert.Contains(
            "AddOpenAIEmbeddingGenerator",
            Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<ITextEmbeddingGenerationService>()).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "ITextToImageService", Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<ITextToImageService>()).Service);
        Assert.Equal("OwnClient", Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<OwnClient>()).Service);
    }

    [Fact]
    public async Task Pipeline_HasADecoratorAboveFunctionInvocation_IsRefused()
    {
        var kernel = Build(services => services.AddSingleton(
            Leaf().AsBuilder().ConfigureOptions(_ => { }).UseKernelFunctionInvocation().Build()));
        var refusal = Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<IChatClient>());

        Assert.Contains("above function invocation", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Pipeline_IsGuardedAlready_IsLeftAlone()
    {
        var pipeline = Leaf().AsBuilder().UseFunctionInvocation().UseSpendGuard("a", _guarded.Engine).Build();
        var kernel = Build(services => services.AddSingleton(_ => pipeline));

        Assert.Same(pipeline, kernel.GetRequiredService<IChatClient>());
        await kernel.InvokePromptAsync("hello");
        await _guarded.AssertMeteredAsync(calls: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connector_IsRegisteredAsAChatClient_IsGuardedAsAConnector(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(Service.Connector, "x", "search"), """{"query":"budgets"}""");
        var kernel = Build(services => services.AddSingleton(new OpenAIService(_guarded).Native.AsChatClient()));
        kernel.Plugins.AddFromFunctions("x", [KernelFunctionFactory.CreateFromMethod((string query) => query, "search")]);
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        Assert.EndsWith("Done.", await kernel.PromptAsync("find x", settings, stream), StringComparison.Ordinal);
        await _guarded.AssertMeteredAsync(calls: 2);
    }

    [Fact]
    public async Task Connector_IsBelowADecorator_IsRefused()
    {
        var kernel = Build(services => services.AddSingleton(
            new OpenAIService(_guarded).Native.AsChatClient().AsBuilder().UseKernelFunctionInvocation().Build()));

        Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<IChatClient>());
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public void Client_IsRegisteredByItsType_IsGuardedAndLivesAsLong(ServiceLifetime lifetime)
    {
        var kernel = Build(services => services.Add(new ServiceDescriptor(typeof(IChatClient), "own", typeof(OwnClient), lifetime)));
        var client = kernel.GetRequiredService<IChatClient>("own");

        Assert.NotNull(client.GetService<SpendGuardChatClient>());
        Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(client, kernel.GetRequiredService<IChatClient>("own")));
    }

    [Fact]
    public async Task Pipeline_IsAnInstance_IsNotDisposedWithTheContainer()
    {
        var client = new OwnClient();
        var services = new ServiceCollection().AddSingleton<IChatClient>(client);
        services.AddKernel().AddSpendGuard("a", _guarded.Engine);
        await using (var host = services.BuildServiceProvider())
        {
            Assert.NotNull(host.GetRequiredService<IChatClient>().GetService<SpendGuardChatClient>());
        }

        Assert.False(client.Disposed);
    }

    [Fact]
    public async Task KeyedServices_EachByEachKey_AreMetered()
    {
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, Service.Connector, "small", "gpt-4o-mini");
        _guarded.Add(builder, Service.ChatClient, "large");
        var kernel = builder.AddSpendGuard("a", _guarded.Engine).Build();
        await kernel.InvokePromptAsync("hello", With("small"));
        await kernel.GetRequiredService<IChatCompletionService>("small").SayAsync("hello", settings: null, kernel, stream: true);
        await kernel.GetRequiredService<IChatClient>("large").SayAsync("hello", stream: false);

        Assert.Equal(["gpt-4o-mini", "gpt-4o-mini", "gpt-4o"], _guarded.Provider.Calls.Select(call => call.Model));
        await _guarded.AssertMeteredAsync(calls: 3);
    }

    [Fact]
    public async Task Selector_BringsAServiceOfItsOwn_IsRefused()
    {
        var own = new OpenAIService(_guarded).Native;
        var kernel = Build(services => services.AddSingleton<IAIServiceSelector>(new OwnSelector(own)));
        var refusal = await Assert.ThrowsAsync<UnguardedServiceException>(() => kernel.InvokePromptAsync("hello"));

        Assert.Equal("OpenAIChatCompletionService", refusal.Service);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Selector_ChoosesAmongTheKernelsServices_IsMetered()
    {
        var kernel = Build(services => services
            .AddOpenAIChatCompletion(GuardedKernel.Model, _guarded.OpenAI)
            .AddSingleton<IAIServiceSelector>(new OwnSelector()));
        await kernel.InvokePromptAsync("hello");

        await _guarded.AssertMeteredAsync(calls: 1);
    }

    [Fact]
    public void Guard_IsAddedTwice_IsRefused()
    {
        var builder = Kernel.CreateBuilder().AddSpendGuard("a", _guarded.Engine);

        Assert.Contains(
            "twice", Assert.Throws<InvalidOperationException>(() => builder.AddSpendGuard("b", _guarded.Engine)).Message, StringComparison.Ordinal);
    }

    private static KernelArguments With(string serviceId) => new(new PromptExecutionSettings { ServiceId = serviceId });

    private Kernel Build(Action<IServiceCollection> register, Action<SpendGuardKernelOptions>? configure = null)
    {
        var builder = Kernel.CreateBuilder();
        register(builder.Services);
        return builder.AddSpendGuard("a", _guarded.Engine, configure).Build();
    }

    private IChatClient Leaf() => _guarded.OpenAI.GetChatClient(GuardedKernel.Model).AsIChatClient();

    private sealed class OpenAIService(GuardedKernel guarded)
    {
        public IChatCompletionService Native { get; } =
            new Microsoft.SemanticKernel.Connectors.OpenAI.OpenAIChatCompletionService(GuardedKernel.Model, guarded.OpenAI);
    }

    private sealed class OwnConnector : IChatCompletionService
    {
        public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

        public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
            ChatHistory chatHistory,
            PromptExecutionSettings? executionSettings = null,
            Kernel? kernel = null,
            CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ChatMessageContent>>([new ChatMessageContent(AuthorRole.Assistant, "For nothing.")]);

        public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
            ChatHistory chatHistory,
            PromptExecutionSettings? executionSettings = null,
            Kernel? kernel = null,
            CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class OwnClient : IChatClient
    {
        public bool Disposed { get; private set; }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => Disposed = true;
    }

    private sealed class OwnSelector(IChatCompletionService? own = null) : IAIServiceSelector
    {
        public bool TrySelectAIService<T>(
            Kernel kernel,
            KernelFunction function,
            KernelArguments arguments,
            [NotNullWhen(true)] out T? service,
            out PromptExecutionSettings? serviceSettings)
            where T : class, Microsoft.SemanticKernel.Services.IAIService
        {
            serviceSettings = null;
            service = own as T ?? kernel.GetAllServices<T>().LastOrDefault();
            return service is not null;
        }
    }
}
