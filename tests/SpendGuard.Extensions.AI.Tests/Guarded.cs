#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>A provider that keeps its own bill, an engine with a store, and the real SDKs between them.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    private Guarded(SimulatedProvider provider, WatchedStore store, SpendGuardEngine engine)
    {
        Provider = provider;
        Store = store;
        Engine = engine;
    }

    public SimulatedProvider Provider { get; }

    public WatchedStore Store { get; }

    public SpendGuardEngine Engine { get; }

    public static Task<Guarded> StartAsync(
        SpendGuardOptions? options = null, TimeProvider? time = null, params IReadOnlyList<ProviderPrice> prices) =>
        StartOnAsync(new InMemoryBudgetStore(), options, time, prices);

    public static async Task<Guarded> StartOnAsync(
        IBudgetStore inner, SpendGuardOptions? options = null, TimeProvider? time = null, params IReadOnlyList<ProviderPrice> prices)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { ExtraPrices = prices });
        var store = new WatchedStore(inner);
        return new Guarded(provider, store, new SpendGuardEngine(store, new Prices(MirroredPrices.Book(prices)), options, time));
    }

    /// <summary>A guarded client for chat completions.</summary>
    public IChatClient Chat(string model = "gpt-4o", string agent = "a", Action<GuardSettings>? configure = null) =>
        Guard(Completions(model), agent, configure);

    public IChatClient Guard(IChatClient leaf, string agent = "a", Action<GuardSettings>? configure = null) =>
        leaf.AsBuilder().UseSpendGuard(agent, Engine, configure).Build();

    public IChatClient Completions(string model = "gpt-4o", Uri? endpoint = null, HttpClient? http = null, int retries = 0)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint ?? Provider.OpenAIEndpoint,
            RetryPolicy = new EagerRetries(retries),
            Transport = http is null ? null : new HttpClientPipelineTransport(http),
        };
        return new ChatClient(model, new ApiKeyCredential("test-key"), options).AsIChatClient();
    }

    public IChatClient Responses(string model = "gpt-4o", HttpClient? http = null, int retries = 0)
    {
        var options = new ResponsesClientOptions
        {
            Endpoint = Provider.OpenAIEndpoint,
            RetryPolicy = new EagerRetries(retries),
            Transport = http is null ? null : new HttpClientPipelineTransport(http),
        };
        return new ResponsesClient(new ApiKeyCredential("test-key"), options).AsIChatClient(model);
    }

    /// <summary>Responses that the provider does not keep, so that a loop sends the whole conversation each time.</summary>
    public static void WithoutStoring(GuardSettings client) =>
        client.RawOptions = _ => new CreateResponseOptions { StoredOutputEnabled = false };

    public IChatClient Messages(string model = "claude-sonnet-5", HttpClient? http = null, int retries = 0) => new AnthropicClient
    {
        BaseUrl = Provider.BaseAddress.ToString(),
        ApiKey = "test-key",
        MaxRetries = retries,
        HttpClient = http ?? new HttpClient(),
    }.AsIChatClient(model);

    /// <summary>xAI through OpenAI's adapter, as it is used in practice.</summary>
    public IChatClient Grok(string model = "grok-4.7", bool stated = true) => Guard(
        Completions(model, stated ? Provider.GrokEndpoint : Provider.OpenAIEndpoint), configure: client => client.Provider = "grok");

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model = "text-embedding-3-small")
    {
        var options = new OpenAIClientOptions { Endpoint = Provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        return new EmbeddingClient(model, new ApiKeyCredential("test-key"), options).AsIEmbeddingGenerator();
    }

    public IChatClient Leaf(string api, int retries = 0, HttpClient? http = null) => api switch
    {
        "chat" => Completions(http: http, retries: retries),
        "responses" => Responses(http: http, retries: retries),
        "messages" => Messages(http: http, retries: retries),
        _ => throw new ArgumentOutOfRangeException(nameof(api), api, "There is no such API."),
    };

    public ValueTask<Budget> SetBudgetAsync(Money limit, string agent = "a", Money topUp = default, int? maxInFlight = null) =>
        Engine.SetBudgetAsync(agent, limit, topUp, maxInFlight);

    public async Task<Budget> BudgetAsync(string agent = "a") =>
        await Store.FindBudgetAsync(agent, CancellationToken.None) ?? throw new InvalidOperationException("There is no budget.");

    public Task<IReadOnlyList<LedgerEntry>> LedgerAsync() => Store.UntilAsync(_ => true);

    /// <summary>The last entry of a reservation's end, once so many have ended.</summary>
    public async Task<LedgerEntry> EndAsync(int count = 1)
    {
        var ledger = await Store.UntilAsync(entries => entries.Count(IsEnd) >= count);
        return ledger.Last(IsEnd);
    }

    /// <summary>Asserts that nothing is held any more and that the budgets lost what the provider billed, to the microcent.</summary>
    public async Task AssertPaidAsBilledAsync()
    {
        await Provider.WhenIdleAsync();
        var last = (await LedgerAsync()).GroupBy(entry => entry.Agent).Select(entries => entries.Last()).ToList();
        Assert.All(last, entry => Assert.Equal(Money.Zero, entry.Held));
        Assert.Equal(Provider.Bill.TotalMicrocents, last.Sum(entry => entry.Spent.Microcents));
        Assert.Empty(Provider.Failures);
    }

    /// <summary>Asserts that the provider saw nothing, and that nothing was ever held.</summary>
    public async Task AssertNothingHappenedAsync()
    {
        Assert.Empty(Provider.Calls);
        Assert.DoesNotContain(await LedgerAsync(), entry => entry.Kind != LedgerEntryKind.BudgetSet);
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Engine.DisposeAsync();
        await Store.CloseAsync();
    }

    private static bool IsEnd(LedgerEntry entry) =>
        entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Released or LedgerEntryKind.Forfeited;

    /// <summary>The SDK's retries without the time between them.</summary>
    private sealed class EagerRetries(int retries) : ClientRetryPolicy(retries)
    {
        protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount) => TimeSpan.Zero;
    }
}
