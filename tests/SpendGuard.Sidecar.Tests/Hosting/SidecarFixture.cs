using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Hosting;

/// <summary>The sidecar on a free port, in front of a provider that keeps its own bill.</summary>
internal sealed class SidecarFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly WebApplication _sidecar;

    private SidecarFixture(SimulatedProvider provider, DirectoryInfo folder, WebApplication sidecar, ClientWatch watch)
    {
        Provider = provider;
        _folder = folder;
        _sidecar = sidecar;
        Watch = watch;
        Client = new HttpClient { BaseAddress = new Uri(sidecar.Urls.Single()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public SimulatedProvider Provider { get; }

    /// <summary>What the sidecar sees of its clients.</summary>
    public ClientWatch Watch { get; }

    public HttpClient Client { get; }

    /// <summary>The sidecar itself.</summary>
    public WebApplication App => _sidecar;

    /// <summary>What the sidecar keeps its budgets with.</summary>
    public SpendGuardEngine Engine => App.Services.GetRequiredService<SpendGuardEngine>();

    /// <summary>Where official SDKs are pointed at.</summary>
    public Uri OpenAIEndpoint => new(Client.BaseAddress!, "/v1");

    public Uri GrokEndpoint => new(Client.BaseAddress!, "/grok/v1");

    /// <param name="prices">Rows to add to the provider's price list.</param>
    /// <param name="settings">Settings in place of those that point the sidecar at the provider; null takes one out.</param>
    public static async Task<SidecarFixture> StartAsync(
        IReadOnlyList<ProviderPrice>? prices = null, params (string Name, string? Value)[] settings)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { ExtraPrices = prices ?? [] });
        var folder = Directory.CreateTempSubdirectory("spendguard-");
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["URLS"] = "http://127.0.0.1:0",
            ["OPENAI_BASE_URL"] = provider.OpenAIEndpoint.ToString(),
            ["XAI_BASE_URL"] = provider.GrokEndpoint.ToString(),
            ["GEMINI_BASE_URL"] = provider.BaseAddress.ToString(),
            ["ANTHROPIC_BASE_URL"] = provider.BaseAddress.ToString(),
            ["OPENAI_API_KEY"] = "the-openai-key",
            ["XAI_API_KEY"] = "the-xai-key",
            ["GEMINI_API_KEY"] = "the-gemini-key",
            ["ANTHROPIC_API_KEY"] = "the-anthropic-key",
            ["CAP_SQLITE_PATH"] = Path.Combine(folder.FullName, "budget.db"),
            ["CAP_PRICING_SOURCE"] = "bundled",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        var watch = new ClientWatch();
        var sidecar = SidecarHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter>(watch);
        });
        await sidecar.StartAsync();
        return new SidecarFixture(provider, folder, sidecar, watch);
    }

    /// <summary>An agent with a budget.</summary>
    public async Task<string> AgentAsync(long cents = 1_000, int maxInFlight = 1)
    {
        using var created = await Client.PostAsync(new Uri("/v1/agents", UriKind.Relative), content: null);
        var agent = (await JsonAsync(created)).GetProperty("agent_id").GetString()!;
        await SetBudgetAsync(agent, cents, maxInFlight);
        return agent;
    }

    public async Task SetBudgetAsync(string agent, long cents, int maxInFlight = 1)
    {
        using var body = Body($$"""{"hard_limit_cents":{{cents}},"max_in_flight":{{maxInFlight}}}""");
        using var set = await Client.PostAsync(new Uri($"/v1/agents/{agent}/budget", UriKind.Relative), body);
        set.EnsureSuccessStatusCode();
    }

    public Task<BudgetView?> BudgetAsync(string agent) =>
        Client.GetFromJsonAsync<BudgetView>(new Uri($"/v1/agents/{agent}/budget", UriKind.Relative));

    /// <summary>The budget once nothing of it is held.</summary>
    public async Task<BudgetView> EndedAsync(string agent)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var budget = (await BudgetAsync(agent))!;
            if (budget.InFlight == 0)
            {
                return budget;
            }

            timeout.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Asserts that nothing is held any more and that the budget lost what the provider billed, to the microcent.</summary>
    /// <returns>What that is.</returns>
    public async Task<long> AssertPaidAsBilledAsync(string agent)
    {
        await Provider.WhenIdleAsync();
        var budget = await EndedAsync(agent);
        Assert.Equal(Provider.Bill.TotalMicrocents, budget.Spent);
        Assert.Equal(0, budget.Held);
        Assert.Empty(Provider.Failures);
        return budget.Spent;
    }

    /// <summary>Asserts that the provider saw nothing and the budget lost nothing.</summary>
    public async Task AssertNothingHappenedAsync(string agent)
    {
        Assert.Empty(Provider.Calls);
        await AssertPaidAsBilledAsync(agent);
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
        var prices = _sidecar.Services.GetRequiredService<Prices>();
        prices.Swap(prices.Current.With(card));
    }

    /// <summary>Posts JSON text as an agent. The answer's body is not read yet.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string path, string? agent, string json, CancellationToken stop = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = Body(json) };
        if (agent is not null)
        {
            request.Headers.Add("x-cynsta-agent-id", agent);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    public static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Provider.DisposeAsync();
        await _sidecar.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
