using System.Collections.Concurrent;
using System.Text;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>A sidecar in a process of its own, set up by its environment only, in front of a provider that keeps its own bill.</summary>
public class Sidecar : IAsyncLifetime
{
    /// <summary>The largest request that it takes.</summary>
    public const int MaxRequestBytes = 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-");
    private readonly ConcurrentDictionary<string, Behaviour> _behaviours = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SimulatedRequest> _lastRequests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public SimulatedProvider Provider { get; private set; } = null!;

    internal SidecarProcess Process { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal string Folder => _folder.FullName;

    internal string SqlitePath => Path.Combine(_folder.FullName, "budget.db");

    /// <summary>What differs from the usual settings; an empty value takes a setting away.</summary>
    protected virtual IReadOnlyDictionary<string, string> Changes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        Provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions
        {
            ExtraPrices = [new ProviderPrice("grok-2", 200, 1000) { MaxOutputTokens = 131_072 }],
        });
        Provider.ForRequest = request => _behaviours.GetValueOrDefault(request.Caller) ?? Behaviour.Honest;
        Provider.OnArrival = request =>
        {
            _lastRequests[request.Caller] = request;
            return _gates.TryGetValue(request.Caller, out var gate) ? gate.Task : Task.CompletedTask;
        };
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal IReadOnlyDictionary<string, string> Settings(params IEnumerable<KeyValuePair<string, string>> changes)
    {
        var origin = Provider.BaseAddress.ToString().TrimEnd('/');
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["CAP_SQLITE_PATH"] = SqlitePath,
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["OPENAI_BASE_URL"] = origin + "/v1",
            ["XAI_BASE_URL"] = origin + "/grok-upstream/v1",
            ["ANTHROPIC_BASE_URL"] = origin,
            ["GEMINI_BASE_URL"] = origin,
            ["OPENAI_API_KEY"] = "key-of-openai",
            ["XAI_API_KEY"] = "key-of-xai",
            ["ANTHROPIC_API_KEY"] = "key-of-anthropic",
            ["GEMINI_API_KEY"] = "key-of-gemini",
            ["SPENDGUARD_MAX_REQUEST_BYTES"] = $"{MaxRequestBytes}",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>Starts the process, or the next one after it has ended.</summary>
    internal async Task StartAsync()
    {
        Http?.Dispose();
        Process = await SidecarProcess.StartAsync(Folder, Settings(Changes));
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = Process.Address,
            Timeout = TimeSpan.FromMinutes(3),
        };
    }

    internal static HttpRequestMessage Request(HttpMethod method, string path, string? json, params IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    internal async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request);
            return await Answer.ReadAsync(response);
        }
    }

    internal Task<Answer> GetAsync(string path) => SendAsync(Request(HttpMethod.Get, path, null));

    internal Task<Answer> DeleteAsync(string path) => SendAsync(Request(HttpMethod.Delete, path, null));

    internal Task<Answer> PatchAsync(string path, string json) => SendAsync(Request(HttpMethod.Patch, path, json));

    internal Task<Answer> PostAsync(string path, string json, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(Request(HttpMethod.Post, path, json, headers));

    /// <summary>A new agent, with a budget if one is given.</summary>
    internal async Task<string> AgentAsync(long? cents = null, int maxInFlight = 1)
    {
        var agent = (await PostAsync("/v1/agents", "{}")).Has("agent_id").String("agent_id");
        if (cents is { } limit)
        {
            Assert.Equal(200, (await SetBudgetAsync(agent, $$"""{"hard_limit_cents":{{limit}},"max_in_flight":{{maxInFlight}}}""")).Status);
        }

        return agent;
    }

    internal Task<Answer> SetBudgetAsync(string agent, string json, params IEnumerable<(string Name, string Value)> headers) =>
        PostAsync($"/v1/agents/{agent}/budget", json, headers);

    internal Task<Answer> BudgetAsync(string agent) => GetAsync($"/v1/agents/{agent}/budget");

    /// <summary>The budget once no call is in flight.</summary>
    internal Task<Answer> IdleBudgetAsync(string agent) => Poll.UntilAsync(
        () => BudgetAsync(agent), budget => budget.Status == 200 && budget.Number("in_flight") == 0, "the calls in flight");

    /// <summary>What tells the provider who a call is for: of what the sidecar passes on, the one thing that is the caller's to choose.</summary>
    internal static (string Name, string Value) CallerHeader(string caller) => ("User-Agent", "caller/" + caller);

    /// <summary>A call for an agent, which the provider is told too.</summary>
    internal static HttpRequestMessage CallRequest(Route route, string agent, string? body = null, string run = "run-1")
    {
        var path = route.Path.Replace("{agent}", agent, StringComparison.Ordinal).Replace("{run}", run, StringComparison.Ordinal);
        var request = Request(HttpMethod.Post, path, body ?? route.Body, CallerHeader(agent));
        if (!route.NamesAgent)
        {
            request.Headers.Add("x-cynsta-agent-id", agent);
            request.Headers.Add("x-cynsta-run-id", run);
        }

        return request;
    }

    internal Task<Answer> CallAsync(Route route, string agent, string? body = null, string run = "run-1") =>
        SendAsync(CallRequest(route, agent, body, run));

    /// <summary>How the provider treats an agent's calls.</summary>
    internal void Treat(string agent, Behaviour behaviour) => _behaviours[agent] = behaviour;

    /// <summary>Lets an agent's calls arrive at the provider, and go no further until the gate is opened.</summary>
    internal TaskCompletionSource HoldBack(string agent) =>
        _gates[agent] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<ProviderCall> CallsOf(string agent) => [.. Provider.Calls.Where(call => call.Caller == agent)];

    internal Task UntilArrivedAsync(string agent, int calls = 1) =>
        Poll.UntilAsync(() => CallsOf(agent).Count(call => call.Model.Length > 0) >= calls, "a call's arrival at the provider");

    /// <summary>An agent's last call as the provider got it.</summary>
    internal SimulatedRequest Sent(string agent) => _lastRequests[agent];

    internal long BillOf(string agent) => Provider.Bill.TotalFor(agent);

    /// <summary>Asserts that an agent lost what the provider billed it for, to the microcent, and that nothing is held any more.</summary>
    internal async Task<Answer> AssertPaidAsBilledAsync(string agent)
    {
        var budget = await IdleBudgetAsync(agent);
        Assert.Equal((BillOf(agent), 0), (budget.Number("spent_microcents"), budget.Number("held_microcents")));
        return budget;
    }

    /// <summary>Asserts that nothing was sent for an agent, that nothing is held and nothing spent.</summary>
    internal async Task AssertUntouchedAsync(string agent)
    {
        Assert.Empty(CallsOf(agent));
        var budget = await BudgetAsync(agent);
        Assert.Equal((0, 0, 0), (budget.Number("spent_microcents"), budget.Number("held_microcents"), budget.Number("in_flight")));
    }
}
