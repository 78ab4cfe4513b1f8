using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Anthropic;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>A sidecar in front of a simulated provider that keeps its own bill, and an agent's way to both.</summary>
internal sealed class AnthropicGeminiFixture : IAsyncDisposable
{
    public const string AnthropicKey = "key-of-anthropic";
    public const string GeminiKey = "key-of-gemini";

    private readonly WebApplication _sidecar;
    private readonly DirectoryInfo _folder;
    private readonly List<HttpClient> _agents = [];

    private AnthropicGeminiFixture(SimulatedProvider provider, DirectoryInfo folder, IDictionary<string, string?> settings)
    {
        Provider = provider;
        _folder = folder;
        _sidecar = SidecarHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["URLS"] = "http://127.0.0.1:0",
                ["CAP_SQLITE_PATH"] = Path.Combine(folder.FullName, "budgets.db"),
                ["CAP_PRICING_SOURCE"] = "bundled",
                ["ANTHROPIC_BASE_URL"] = provider.BaseAddress.ToString(),
                ["ANTHROPIC_API_KEY"] = AnthropicKey,
                ["GEMINI_BASE_URL"] = provider.BaseAddress.ToString(),
                ["GEMINI_API_KEY"] = GeminiKey,
                ["OPENAI_API_KEY"] = null,
            });
            builder.Configuration.AddInMemoryCollection(settings);
        });
    }

    public SimulatedProvider Provider { get; }

    /// <summary>The sidecar, without an agent.</summary>
    public HttpClient Http { get; } = new();

    public static async Task<AnthropicGeminiFixture> StartAsync(params (string Name, string? Value)[] settings)
    {
        var provider = await SimulatedProvider.StartAsync();
        var fixture = new AnthropicGeminiFixture(
            provider, Directory.CreateTempSubdirectory("spendguard-"), settings.ToDictionary(pair => pair.Name, pair => pair.Value));
        await fixture._sidecar.StartAsync();
        fixture.Http.BaseAddress = new Uri(fixture._sidecar.Urls.Single());
        return fixture;
    }

    /// <summary>An agent with a budget.</summary>
    public async Task<string> NewAgentAsync(long cents = 100)
    {
        var agent = (string)(await PostAsync(Http, "v1/agents", "{}")).Body["agent_id"]!;
        await PostAsync(Http, $"v1/agents/{agent}/budget", $$"""{ "hard_limit_cents": {{cents}} }""");
        return agent;
    }

    /// <summary>The sidecar as an agent calls it.</summary>
    public HttpClient As(string agent)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress };
        http.DefaultRequestHeaders.Add("x-cynsta-agent-id", agent);
        _agents.Add(http);
        return http;
    }

    /// <summary>Anthropic's own client, with the sidecar as its base address.</summary>
    public AnthropicClient AnthropicAs(string agent) =>
        new() { BaseUrl = Http.BaseAddress!.ToString(), ApiKey = "the caller's own", MaxRetries = 0, HttpClient = As(agent) };

    public async Task<JsonNode> BudgetAsync(string agent) =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri($"v1/agents/{agent}/budget", UriKind.Relative)))!;

    /// <summary>What the agent's budget lost, once nothing is in flight.</summary>
    public async Task<long> SpentAsync(string agent)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Provider.WhenIdleAsync(patience.Token);
        while (true)
        {
            var budget = await BudgetAsync(agent);
            if ((int)budget["in_flight"]! == 0)
            {
                Assert.Equal(0, (long)budget["held_microcents"]!);
                return (long)budget["spent_microcents"]!;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The budget lost what the provider charged, and the provider charged the key that it knows.</summary>
    public async Task AssertChargedAsync(string agent, long microcents, string key)
    {
        Assert.Equal(microcents, Provider.Bill.TotalFor(key));
        Assert.Equal(microcents, Provider.Bill.TotalMicrocents);
        Assert.Equal(microcents, await SpentAsync(agent));
        Assert.Empty(Provider.Failures);
    }

    /// <summary>Neither side has a cost, and the provider has seen nothing.</summary>
    public async Task AssertNothingSentAsync(string agent)
    {
        Assert.Empty(Provider.Calls);
        Assert.Equal(0, await SpentAsync(agent));
    }

    public static async Task<Reply> PostAsync(HttpClient http, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Reply((int)response.StatusCode, text, response.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            agent.Dispose();
        }

        Http.Dispose();
        await _sidecar.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>An answer of the sidecar.</summary>
internal sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    public long ChargedMicrocents => long.Parse(Headers["x-spendguard-charged-microcents"]);
}
