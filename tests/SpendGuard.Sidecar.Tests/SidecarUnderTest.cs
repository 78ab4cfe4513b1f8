using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Calls;

namespace SpendGuard.Sidecar.Tests;

/// <summary>The sidecar as it ships, on a port of its own, with its settings, clock and log in the hands of a test.</summary>
internal sealed class SidecarUnderTest : IAsyncDisposable
{
    private readonly Lazy<HttpClient> _client;

    public SidecarUnderTest(TempFolder folder, TimeProvider time, IReadOnlyDictionary<string, string?> settings)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["URLS"] = "http://127.0.0.1:0",
            ["CAP_SQLITE_PATH"] = folder.File("budget.db"),
            ["OPENAI_API_KEY"] = "test key",
            ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1",
        };
        App = SidecarHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(defaults);
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddSingleton(time);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(Log);
        });
        _client = new Lazy<HttpClient>(() => new HttpClient { BaseAddress = new Uri(App.Urls.Single()) });
    }

    public WebApplication App { get; }

    public RecordedLog Log { get; } = new();

    public HttpClient Client => _client.Value;

    public async Task<string> CreateAgentAsync()
    {
        using var created = await Client.PostAsJsonAsync("/v1/agents", new JsonObject());
        created.EnsureSuccessStatusCode();
        var agent = (string)(await created.Content.ReadFromJsonAsync<JsonObject>())!["agent_id"]!;
        using var budget = await Client.PostAsJsonAsync($"/v1/agents/{agent}/budget", new JsonObject { ["hard_limit_cents"] = 1000 });
        budget.EnsureSuccessStatusCode();
        return agent;
    }

    public async Task<(int Status, string Body)> CallAsync(string agent, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Content = JsonContent.Create(new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = 5,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" }),
        });
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, JsonObject Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        await App.DisposeAsync();
    }
}
