using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpendGuard.Examples.SidecarClient;

/// <summary>The sidecar's routes for agents, budgets and keys.</summary>
internal sealed class ControlClient(Uri sidecar) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = sidecar };

    public async Task<string> CreateAgentAsync(string name)
    {
        using var response = await _http.PostAsJsonAsync("v1/agents", new { name });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("agent_id").GetString()!;
    }

    public async Task<BudgetState> SetBudgetAsync(string agent, long cents)
    {
        using var response = await _http.PostAsJsonAsync($"v1/agents/{agent}/budget", new { hard_limit_cents = cents });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<BudgetState>())!;
    }

    public async Task<string> CreateKeyAsync(string agent)
    {
        using var response = await _http.PostAsJsonAsync($"v1/agents/{agent}/keys", new { });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("api_key").GetString()!;
    }

    public async Task<BudgetState> GetBudgetAsync(string agent) =>
        (await _http.GetFromJsonAsync<BudgetState>($"v1/agents/{agent}/budget"))!;

    public void Dispose() => _http.Dispose();
}

/// <summary>A budget in microcents, the hundred-millionth part of a dollar.</summary>
internal sealed record BudgetState(
    [property: JsonPropertyName("spent_microcents")] long Spent,
    [property: JsonPropertyName("held_microcents")] long Held,
    [property: JsonPropertyName("remaining_microcents")] long Remaining);
