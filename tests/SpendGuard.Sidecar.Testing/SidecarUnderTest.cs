using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing;
using Xunit;

namespace SpendGuard.Sidecar.Testing;

/// <summary>The sidecar as it ships, in this process and on a port of its own, with its settings, clock and log in the hands of a test.</summary>
public class SidecarUnderTest : IAsyncDisposable
{
    private readonly Lazy<HttpClient> _client;
    private readonly List<HttpClient> _callers = [];

    /// <summary>Builds it, and leaves its start to the test.</summary>
    /// <param name="folder">Where it keeps its budgets.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="settings">Settings in place of those of a provider that cannot be reached; null takes one out.</param>
    /// <param name="services">Services in place of its own.</param>
    /// <param name="sources">More that its settings come from.</param>
    public SidecarUnderTest(
        TempFolder folder,
        TimeProvider time,
        IReadOnlyDictionary<string, string?> settings,
        Action<IServiceCollection>? services = null,
        Action<IConfigurationBuilder>? sources = null)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["URLS"] = "http://127.0.0.1:0",
            ["CAP_SQLITE_PATH"] = folder.File("budget.db"),
            ["OPENAI_API_KEY"] = "test key",
            ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        App = SidecarHost.Build([], environment: new Dictionary<string, string>(StringComparer.Ordinal), configure: builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton<IStartupFilter>(Watch);
            services?.Invoke(builder.Services);
            sources?.Invoke(builder.Configuration);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(Log);
        });
        _client = new Lazy<HttpClient>(NewClient);
    }

    /// <summary>The sidecar itself.</summary>
    public WebApplication App { get; }

    /// <summary>What it keeps its budgets with.</summary>
    public SpendGuardEngine Engine => App.Services.GetRequiredService<SpendGuardEngine>();

    /// <summary>What it logged.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>What it warned of, but for what every start without an admin key says.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. Log.At(LogLevel.Warning).Where(line => !line.Contains("raise budgets", StringComparison.Ordinal))];

    /// <summary>What it sees of its clients.</summary>
    public ClientWatch Watch { get; } = new();

    public string Address => App.Urls.Single();

    /// <summary>A caller that says of no agent.</summary>
    public HttpClient Client => _client.Value;

    /// <summary>A caller that says in each request which agent it is.</summary>
    public HttpClient As(string agent)
    {
        var caller = NewClient();
        caller.DefaultRequestHeaders.Add("x-cynsta-agent-id", agent);
        _callers.Add(caller);
        return caller;
    }

    /// <summary>An agent with a budget.</summary>
    public async Task<string> AgentAsync(long cents = 1_000, int maxInFlight = 1)
    {
        using var created = await Client.PostAsync(new Uri("/v1/agents", UriKind.Relative), content: null);
        var agent = (await JsonAsync(created)).GetProperty("agent_id").GetString()!;
        await SetBudgetAsync(agent, cents, maxInFlight);
        return agent;
    }

    /// <summary>An agent with the budget that a body says; with none when null.</summary>
    public async Task<string> AgentAsync(string? budget)
    {
        var agent = (string)(await AskAsync("/v1/agents", agent: null, "{}")).Body["agent_id"]!;
        if (budget is not null)
        {
            Assert.Equal(200, (await AskAsync($"/v1/agents/{agent}/budget", agent: null, budget)).Status);
        }

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
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    /// <summary>Posts JSON text as an agent, and reads the whole answer.</summary>
    public async Task<Reply> AskAsync(string path, string? agent, string json, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(path, agent, json, headers: headers);
        return await Reply.ReadAsync(response);
    }

    /// <summary>Sends to a route that is nobody's format.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = json is null ? null : Body(json) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    /// <summary>A short call to a model of OpenAI's.</summary>
    public async Task<(int Status, string Body)> CallAsync(string agent, string model)
    {
        var reply = await AskAsync(
            "/v1/chat/completions", agent, $$"""{"model":"{{model}}","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""");
        return (reply.Status, reply.Text);
    }

    public async Task<(int Status, JsonObject Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var caller in _callers)
        {
            caller.Dispose();
        }

        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private HttpClient NewClient() => new() { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(2) };
}
