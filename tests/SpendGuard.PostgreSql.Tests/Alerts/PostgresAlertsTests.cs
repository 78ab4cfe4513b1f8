using SpendGuard.Alerts;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Alerts;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PostgresAlertsTests(TestDatabase database) : AlertOutboxConformance, IClassFixture<TestDatabase>
{
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";
    private PostgresBudgetStore? _store;

    protected override async Task<IAlertOutbox> OpenAsync()
    {
        _store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = TestDatabase.Patience });
        return _store.Alerts;
    }

    /// <summary>A sink that registers while alerts are raised has each of them, and each once.</summary>
    [Fact]
    public async Task Sink_ThatComesWhileAlertsAreRaised_MissesNone()
    {
        var at = DateTimeOffset.UnixEpoch;
        var raising = Enumerable.Range(0, 20).Select(i => Task.Run(() => RaiseAsync(new Alert { Id = $"evt_{i}", Kind = AlertKind.Refused, At = at, Node = "team" })));
        var registering = Task.Run(() => Outbox.RegisterAsync("log", at, TimeSpan.FromDays(1), at, default).AsTask());

        await Task.WhenAll([.. raising, registering]);

        var kept = await Outbox.ListAsync(before: null, node: null, 100, default);
        Assert.Equal(Enumerable.Range(1, 20).Reverse().Select(sequence => (long)sequence), kept.Select(one => one.Sequence));
        Assert.All(kept, one => Assert.Equal("log", Assert.Single(one.Progress).Sink));
    }

    protected override Task RaiseAsync(Alert alert) => ((PostgresAlerts)_store!.Alerts).RaiseAsync(alert, default);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
    }
}
