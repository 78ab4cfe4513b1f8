using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit;

namespace SpendGuard.Sidecar.Testing;

/// <summary>The sidecar in this process, in front of a provider that keeps its own bill.</summary>
public sealed class SidecarFixture : SidecarUnderTest
{
    /// <summary>What the provider knows the sidecar by in calls to OpenAI.</summary>
    public const string OpenAIKey = "the-openai-key";

    /// <summary>The same in calls to Anthropic.</summary>
    public const string AnthropicKey = "the-anthropic-key";

    /// <summary>The same in calls to Gemini.</summary>
    public const string GeminiKey = "the-gemini-key";

    /// <summary>The same in calls to xAI.</summary>
    public const string GrokKey = "the-xai-key";

    private readonly TempFolder _folder;

    private SidecarFixture(
        SimulatedProvider provider,
        TempFolder folder,
        TimeProvider time,
        IReadOnlyDictionary<string, string?> settings,
        Action<IServiceCollection>? services)
        : base(folder, time, settings, services)
    {
        Provider = provider;
        _folder = folder;
    }

    public SimulatedProvider Provider { get; }

    /// <summary>Where official SDKs are pointed at.</summary>
    public Uri OpenAIEndpoint => new(Client.BaseAddress!, "/v1");

    public Uri GrokEndpoint => new(Client.BaseAddress!, "/grok/v1");

    /// <param name="prices">Rows to add to the provider's price list.</param>
    /// <param name="settings">Settings in place of those that point the sidecar at the provider; null takes one out.</param>
    public static Task<SidecarFixture> StartAsync(IReadOnlyList<ProviderPrice>? prices = null, params (string Name, string? Value)[] settings) =>
        StartAsync(TimeProvider.System, prices, settings);

    /// <summary>The same with a store of the test's own.</summary>
    public static Task<SidecarFixture> StartOnAsync(IBudgetStore store, TimeProvider time) => StartAsync(
        time,
        prices: null,
        settings: [],
        services => services.AddSingleton(provider => new SpendGuardEngine(store, provider.GetRequiredService<Prices>(), time: time)));

    /// <summary>The same where somebody may be asked before a call is refused.</summary>
    public static Task<SidecarFixture> StartAskingAsync(IApproval approval) =>
        StartAsync(TimeProvider.System, prices: null, settings: [], services => services.AddSingleton(approval));

    /// <summary>The same with a clock of the test's own.</summary>
    public static Task<SidecarFixture> StartAsync(
        TimeProvider time, IReadOnlyList<ProviderPrice>? prices = null, params (string Name, string? Value)[] settings) =>
        StartAsync(time, prices, settings, services: null);

    private static async Task<SidecarFixture> StartAsync(
        TimeProvider time, IReadOnlyList<ProviderPrice>? prices, (string Name, string? Value)[] settings, Action<IServiceCollection>? services)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { ExtraPrices = prices ?? [] });
        var values = PointedAt(provider);
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        var fixture = new SidecarFixture(provider, new TempFolder(), time, values, services);
        await fixture.App.StartAsync();
        return fixture;
    }

    /// <summary>What the agent's budget lost, once nothing of it is held any more.</summary>
    public async Task<long> SpentAsync(string agent)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Provider.WhenIdleAsync(patience.Token);
        var budget = await EndedAsync(agent);
        Assert.Equal(0, budget.Held);
        return budget.Spent;
    }

    /// <summary>Asserts that nothing is held any more and that the budget lost what the provider billed, to the microcent.</summary>
    /// <returns>What that is.</returns>
    public async Task<long> AssertPaidAsBilledAsync(string agent)
    {
        var spent = await SpentAsync(agent);
        Assert.Equal(Provider.Bill.TotalMicrocents, spent);
        Assert.Empty(Provider.Failures);
        return spent;
    }

    /// <summary>Asserts that the budget lost an amount, which is all that the provider billed, and billed to a key.</summary>
    public async Task AssertChargedAsync(string agent, long microcents, string key)
    {
        Assert.Equal(microcents, Provider.Bill.TotalFor(key));
        Assert.Equal(microcents, await AssertPaidAsBilledAsync(agent));
    }

    /// <summary>Asserts that the provider saw nothing and the budget lost nothing.</summary>
    public async Task AssertNothingHappenedAsync(string agent)
    {
        Assert.Empty(Provider.Calls);
        await AssertPaidAsBilledAsync(agent);
    }

    /// <summary>Asserts that the provider saw nothing but questions for counts, which are free, and the budget lost nothing.</summary>
    public async Task AssertOnlyCountedAsync(string agent)
    {
        Assert.NotEmpty(Provider.Calls);
        Assert.All(Provider.Calls, call => Assert.True(call.Counts && !call.Billed));
        Assert.Equal(0, await AssertPaidAsBilledAsync(agent));
    }

    /// <summary>Remembers what is held for an agent whenever a call arrives at the provider.</summary>
    public List<long> WatchHolds(string agent)
    {
        var held = new List<long>();
        Provider.OnArrival = async _ => held.Add((await BudgetAsync(agent))!.Held);
        return held;
    }

    /// <summary>Puts a price in force beside those that there are.</summary>
    public void AddPrice(RateCard card)
    {
        var prices = App.Services.GetRequiredService<Prices>();
        prices.Swap(prices.Current.With(card));
    }

    public override async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private static Dictionary<string, string?> PointedAt(SimulatedProvider provider) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["OPENAI_BASE_URL"] = provider.OpenAIEndpoint.ToString(),
        ["XAI_BASE_URL"] = provider.GrokEndpoint.ToString(),
        ["GEMINI_BASE_URL"] = provider.BaseAddress.ToString(),
        ["ANTHROPIC_BASE_URL"] = provider.BaseAddress.ToString(),
        ["OPENAI_API_KEY"] = OpenAIKey,
        ["XAI_API_KEY"] = GrokKey,
        ["GEMINI_API_KEY"] = GeminiKey,
        ["ANTHROPIC_API_KEY"] = AnthropicKey,
        ["CAP_PRICING_SOURCE"] = "bundled",
    };
}
