using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SpendGuard.Calls;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Settings;

/// <summary>A back-up does not know what was spent since, so its budgets are closed until someone says what is left.</summary>
public sealed class RestoredStoreTests : IAsyncLifetime
{
    private const string Model = "gpt-4o-mini";

    private readonly TempFolder _folder = new();
    private SimulatedProvider _provider = null!;
    private SidecarUnderTest _sidecar = null!;

    public async Task InitializeAsync()
    {
        _provider = await SimulatedProvider.StartAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RestoredBudget_SpendsNothing_UntilItIsSetAgain()
    {
        var agent = await _sidecar.AgentAsync();
        Assert.Equal(200, (await _sidecar.CallAsync(agent, Model)).Status);
        var paidInBackUp = _provider.Bill.TotalMicrocents;
        await _sidecar.DisposeAsync();
        File.Copy(_folder.File("budget.db"), _folder.File("back-up.db"));

        await StartAsync();
        Assert.Equal(200, (await _sidecar.CallAsync(agent, Model)).Status);
        await _sidecar.DisposeAsync();
        File.Copy(_folder.File("back-up.db"), _folder.File("budget.db"), overwrite: true);

        var restored = ("SPENDGUARD_RESTORED", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture));
        await StartAsync(restored);
        var billed = _provider.Bill.TotalMicrocents;
        var (status, text) = await _sidecar.CallAsync(agent, Model);
        Assert.Equal(402, status);
        Assert.Contains("Insufficient budget", text, StringComparison.Ordinal);
        Assert.Equal(2, _provider.Calls.Count);
        var left = Money.FromDollars(10) - Money.FromMicrocents(paidInBackUp);
        Assert.Contains($"the back-up has {left} left of $10", _sidecar.Log.At(LogLevel.Warning).First(entry => entry.Contains(agent, StringComparison.Ordinal)), StringComparison.Ordinal);

        // It stays closed over a start, and once it is set it stays open over the next one, as do budgets that are newer.
        await RestartAsync(restored);
        Assert.Equal(402, (await _sidecar.CallAsync(agent, Model)).Status);
        await SetAsync(agent, limitCents: 1_000, topUpCents: 999);
        Assert.Equal(200, (await _sidecar.CallAsync(agent, Model)).Status);
        var newer = await _sidecar.AgentAsync();
        await RestartAsync(restored);
        Assert.Equal(200, (await _sidecar.CallAsync(agent, Model)).Status);
        Assert.Equal(200, (await _sidecar.CallAsync(newer, Model)).Status);
        Assert.DoesNotContain(_sidecar.Log.At(LogLevel.Warning), entry => entry.Contains("restored", StringComparison.Ordinal));
        Assert.True(_provider.Bill.TotalMicrocents > billed);
    }

    [Fact]
    public async Task TimeThatIsYetToCome_StopsTheStart()
    {
        await _sidecar.DisposeAsync();
        var exception = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(("SPENDGUARD_RESTORED", "2999-01-01")));
        Assert.Contains("SPENDGUARD_RESTORED", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoTime_IsAFault() =>
        Assert.Contains(
            "SPENDGUARD_RESTORED is 'yesterday'",
            Assert.Throws<SettingsException>(() => new SidecarUnderTest(_folder, TimeProvider.System, Settings(("SPENDGUARD_RESTORED", "yesterday")))).Message,
            StringComparison.Ordinal);

    private Dictionary<string, string?> Settings(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["OPENAI_BASE_URL"] = _provider.OpenAIEndpoint.ToString(),
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }

    private async Task RestartAsync(params (string, string?)[] settings)
    {
        await _sidecar.DisposeAsync();
        await StartAsync(settings);
    }

    private Task StartAsync(params (string, string?)[] settings)
    {
        _sidecar = new SidecarUnderTest(_folder, TimeProvider.System, Settings(settings));
        return _sidecar.App.StartAsync();
    }

    private async Task SetAsync(string agent, long limitCents, long topUpCents)
    {
        using var answer = await _sidecar.Client.PostAsJsonAsync(
            $"/v1/agents/{agent}/budget", new JsonObject { ["hard_limit_cents"] = limitCents, ["topup_cents"] = topUpCents });
        answer.EnsureSuccessStatusCode();
    }
}
