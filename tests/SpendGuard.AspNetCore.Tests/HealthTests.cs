using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;

namespace SpendGuard.AspNetCore.Tests;

/// <summary>Whether calls can be made, as the health check tells it.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Check_OfAnApplicationThatWorks_IsHealthy()
    {
        await using var app = await WebApp.StartAsync();

        Assert.Equal("Healthy", await app.Http.GetStringAsync("/health"));
        Assert.Empty(await app.Guard.ListAgentsAsync());
    }

    [Fact]
    public async Task Check_OverHttpWithoutStore_Is503()
    {
        await using var app = await WebApp.StartAsync(settings: new() { ["SpendGuard:Sqlite"] = "nowhere/budgets.db" });

        using var answer = await app.Http.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Check_AtExpiredPrices_SaysSo()
    {
        var entry = await CheckAsync(services => services.AddSpendGuard(options =>
            options.UseInMemoryStore().Prices = () => PriceBook.LoadBundled().WithExpiry(DateTimeOffset.UnixEpoch)));

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("have expired, at 1970", entry.Description, StringComparison.Ordinal);
        Assert.Contains("prices_age_days", entry.Data.Keys);
    }

    [Fact]
    public async Task Check_WithoutEngine_NamesTheCure()
    {
        var entry = await CheckAsync(static _ => { });

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("AddSpendGuard", entry.Description, StringComparison.Ordinal);
    }

    private static async Task<HealthReportEntry> CheckAsync(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging();
        register(services);
        services.AddHealthChecks().AddSpendGuard();
        await using var provider = services.BuildServiceProvider();
        return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["spendguard"];
    }
}
