using Microsoft.Extensions.Configuration;
using SpendGuard.Sidecar.Readiness;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Tests.Readiness;

public sealed class SidecarStateTests
{
    private static readonly DateTimeOffset End = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Host=db;Database=spend;Username=u;Password=canary")]
    [InlineData("postgresql://u:canary@db:5432/spend")]
    public void Database_IsNamedWithoutWhatOpensIt(string connection)
    {
        var state = State(("CAP_STORE", "postgres"), ("CAP_POSTGRES", connection));

        Assert.Equal("PostgreSQL, spend at db", state.Store);
    }

    [Fact]
    public void WhatItWorksWith_IsToldWithTheNamesOfKeys()
    {
        var state = State(("CAP_SQLITE_PATH", "/budgets.db"));

        Assert.Equal("SQLite, /budgets.db", state.Store);
        Assert.Equal(("a server", "verified", TimeSpan.FromMinutes(3), End), (state.PriceSource, state.PriceSignature, state.PriceAge, state.PricesUsableUntil));
        Assert.Equal([KeyValuePair.Create("openai", "OPENAI_API_KEY")], state.Keys);
        Assert.Equal([KeyValuePair.Create("grok", "XAI_API_KEY")], state.MissingKeys);
        Assert.Equal(["The store cannot be read."], state.NotReady);
    }

    private static SidecarState State(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .Build();
        var prices = new PriceState("a server", PriceState.Verified, End.AddHours(-1), End, AgeSeconds: 180, LastFailure: null);
        var tables = new TableState("the tables that ship", PriceState.Bundled, End.AddHours(-1), UsableUntil: null, LastFailure: null);
        IReadOnlyList<ProviderState> providers =
        [
            new("openai", ProviderState.Set, "OPENAI_API_KEY"), new("grok", ProviderState.Missing, "XAI_API_KEY"), new("local", ProviderState.NotNeeded, KeyVariable: null),
        ];
        return SidecarState.Of(
            EnvironmentSettings.Read(configuration),
            new ReadinessAnswer("not ready", ["The store cannot be read."], prices, tables, providers, ReadinessAnswer.ControlByKey));
    }
}
