using System.Text.Json;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>Makes a call that the provider bills for the most that it may, and looks at what was held for it.</summary>
internal sealed class DearestCall : IAsyncDisposable
{
    private readonly SidecarFixture _sidecar;
    private readonly string _agent;
    private readonly List<long> _held;

    private DearestCall(SidecarFixture sidecar, string agent)
    {
        _sidecar = sidecar;
        _agent = agent;
        _held = sidecar.WatchHolds(agent);
    }

    /// <summary>What the provider was sent.</summary>
    public JsonElement Sent { get; private set; }

    public static async Task<DearestCall> StartAsync(params ProviderPrice[] prices)
    {
        var sidecar = await SidecarFixture.StartAsync(prices);
        return new DearestCall(sidecar, await sidecar.AgentAsync(cents: 1_000_000));
    }

    public void AddPrice(SpendGuard.Pricing.RateCard card) => _sidecar.AddPrice(card);

    /// <summary>What was held and what it cost, in microcents, where the provider counted this.</summary>
    public async Task<(long Held, long Charged)> MakeAsync(string path, string body, SimulatedUsage counted, params string[] servedTiers)
    {
        _sidecar.Provider.ForRequest = request =>
        {
            Sent = JsonSerializer.SerializeToElement(request.Body);
            return new Behaviour { FixedUsage = counted, ServedTiers = servedTiers };
        };
        using var response = await _sidecar.PostAsync(path, _agent, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (_held.Single(), await _sidecar.AssertPaidAsBilledAsync(_agent));
    }

    /// <summary>Why the call is refused.</summary>
    public async Task<string> RefusedAsync(string path, string body)
    {
        using var response = await _sidecar.PostAsync(path, _agent, body);
        Assert.Equal(400, (int)response.StatusCode);
        await _sidecar.AssertNothingHappenedAsync(_agent);
        return (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString()!;
    }

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();
}
