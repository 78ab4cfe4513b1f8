using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Sidecar;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests;

/// <summary>A sidecar on a free port, in front of a provider that keeps its own bill.</summary>
internal sealed class RunningSidecar : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private RunningSidecar(WebApplication app, SimulatedProvider provider, DirectoryInfo folder)
    {
        _app = app;
        _folder = folder;
        Provider = provider;
        Http = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address => _app.Urls.Single();

    public SimulatedProvider Provider { get; }

    public HttpClient Http { get; }

    public SpendGuardEngine Engine => _app.Services.GetRequiredService<SpendGuardEngine>();

    /// <param name="settings">Settings in place of those that point the sidecar at the provider; null takes one out.</param>
    public static Task<RunningSidecar> StartAsync(params (string Name, string? Value)[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<RunningSidecar> StartAsync(TimeProvider time, params (string Name, string? Value)[] settings)
    {
        var provider = await SimulatedProvider.StartAsync(
            new SimulatedProviderOptions { ExtraPrices = [new ProviderPrice("grok-4.6", 200, 600) { CachedInput = 50, MaxOutputTokens = 500_000 }] });
        var folder = Directory.CreateTempSubdirectory("spendguard-cli-");
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

        var app = SidecarHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Services.AddSingleton(time);
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        return new RunningSidecar(app, provider, folder);
    }

    /// <summary>A command line that talks to it.</summary>
    public Cli Cli(bool terminal = false) => new() { IsTerminal = terminal, Variables = { ["CAP_BASE_URL"] = Address } };

    public async Task<string> AgentAsync(string name = "researcher") => (await Cli().RunAsync($"agent create --name {name}")).Value("agent_id");

    public async Task<string> AgentWithBudgetAsync(long cents = 500, string name = "researcher")
    {
        var agent = await AgentAsync(name);
        (await Cli().RunAsync($"budget set --agent {agent} --limit {cents}")).Succeeded();
        return agent;
    }

    /// <summary>A call of an agent, its answer read to the end.</summary>
    public async Task<int> CallAsync(string agent, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Headers.Add("x-cynsta-run-id", "run-1");
        using var response = await Http.SendAsync(request);
        await response.Content.CopyToAsync(Stream.Null);
        return (int)response.StatusCode;
    }

    public Task<int> ChatAsync(string agent, int maxTokens = 10) => CallAsync(
        agent,
        "/v1/chat/completions",
        $$"""{"model":"gpt-4o-mini","max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"Hello"}]}""");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Provider.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
