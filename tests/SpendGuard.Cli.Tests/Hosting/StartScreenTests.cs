using Microsoft.Extensions.Configuration;
using SpendGuard.Cli.Hosting;
using SpendGuard.Sidecar.Readiness;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Tests.Hosting;

public sealed class StartScreenTests
{
    [Theory]
    [InlineData("Host=db;Database=spend;Username=u;Password=canary")]
    [InlineData("postgresql://u:canary@db:5432/spend")]
    public void Database_IsNamedWithoutWhatOpensIt(string connection)
    {
        var lines = Screen(reasons: null, ("CAP_STORE", "postgres"), ("CAP_POSTGRES", connection)).Lines.ToList();

        Assert.Contains("store=PostgreSQL, spend at db", lines);
        Assert.DoesNotContain("canary", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatKeepsItFromServing_IsSaid()
    {
        var screen = Screen(["The store cannot be read."], ("CAP_SQLITE_PATH", "/budgets.db"));

        Assert.Equal(
            ["address=http://127.0.0.1:8787", "store=SQLite, /budgets.db", "prices=verified: a server, 3 min old, usable until 2026-11-24 12:00:00Z", "keys=none", "not_ready=The store cannot be read."],
            screen.Lines);
    }

    private static StartScreen Screen(IReadOnlyList<string>? reasons, params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .Build();
        var end = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        var prices = new PriceState("a server", PriceState.Verified, end.AddHours(-1), end, AgeSeconds: 180, LastFailure: null);
        return new StartScreen(
            ["http://127.0.0.1:8787"], EnvironmentSettings.Read(configuration), new ReadinessAnswer("ready", reasons, prices, Providers: []));
    }
}
