using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>The sidecar for clients in other processes, in front of a provider that keeps its own bill.</summary>
internal sealed class ClientSidecar : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly WebApplication _sidecar;

    private ClientSidecar(SimulatedProvider provider, DirectoryInfo folder, WebApplication sidecar, RequestLog requests)
    {
        Provider = provider;
        Requests = requests;
        _folder = folder;
        _sidecar = sidecar;
        Http = new HttpClient { BaseAddress = new Uri(sidecar.Urls.Single()) };
    }

    public SimulatedProvider Provider { get; }

    /// <summary>The calls that clients made, as the sidecar got them.</summary>
    public RequestLog Requests { get; }

    public HttpClient Http { get; }

    public static async Task<ClientSidecar> StartAsync(Behaviour? behaviour = null)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = behaviour ?? Behaviour.Honest });
        var folder = Directory.CreateTempSubdirectory("spendguard-clients-");
        var requests = new RequestLog();
        var sidecar = SidecarHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["URLS"] = "http://127.0.0.1:0",
                ["OPENAI_BASE_URL"] = provider.OpenAIEndpoint.ToString(),
                ["ANTHROPIC_BASE_URL"] = provider.BaseAddress.ToString(),
                ["GEMINI_BASE_URL"] = provider.BaseAddress.ToString(),
                ["OPENAI_API_KEY"] = "the-openai-key",
                ["ANTHROPIC_API_KEY"] = "the-anthropic-key",
                ["GEMINI_API_KEY"] = "the-gemini-key",
                ["CAP_SQLITE_PATH"] = Path.Combine(folder.FullName, "budget.db"),
                ["CAP_PRICING_SOURCE"] = "bundled",
            });
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IStartupFilter>(requests);
        });
        await sidecar.LoadPricesAsync();
        await sidecar.StartAsync();
        return new ClientSidecar(provider, folder, sidecar, requests);
    }

    /// <summary>An agent with a budget, of which one call at a time may be in flight.</summary>
    public async Task<string> AgentAsync(long cents)
    {
        using var created = await Http.PostAsync(new Uri("/v1/agents", UriKind.Relative), Json("{}"));
        var agent = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("agent_id").GetString()!;
        using var set = await Http.PostAsync(
            new Uri($"/v1/agents/{agent}/budget", UriKind.Relative), Json($$"""{"hard_limit_cents":{{cents}},"max_in_flight":1}"""));
        set.EnsureSuccessStatusCode();
        return agent;
    }

    /// <summary>What the agent has spent, in microcents; nothing may be held any more.</summary>
    public async Task<long> SpentAsync(string agent)
    {
        var budget = await Http.GetFromJsonAsync<JsonElement>(new Uri($"/v1/agents/{agent}/budget", UriKind.Relative));
        Assert.Equal(0, budget.GetProperty("held_microcents").GetInt64());
        return budget.GetProperty("spent_microcents").GetInt64();
    }

    /// <summary>Makes a call of the agent that stays at the provider until <paramref name="end"/> does, and awaits its arrival there.</summary>
    /// <returns>The call.</returns>
    public async Task<Task> OccupyAsync(string agent, Task end)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Provider.OnArrival = _ =>
        {
            arrived.TrySetResult();
            return end;
        };
        var call = CallAsync(agent);
        await await Task.WhenAny(arrived.Task, call);
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Provider.DisposeAsync();
        await _sidecar.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task CallAsync(string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative))
        {
            Content = Json("""{"model":"gpt-4o","max_tokens":20,"messages":[{"role":"user","content":"Take your time."}]}"""),
        };
        request.Headers.Add("x-spendguard-agent-id", agent);
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
