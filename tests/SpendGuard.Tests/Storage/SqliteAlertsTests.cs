using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

public sealed class SqliteAlertsTests : AlertOutboxConformance
{
    private readonly TempFolder _folder = new();
    private SqliteBudgetStore? _store;

    protected override async Task<IAlertOutbox> OpenAsync()
    {
        _store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });
        return _store.Alerts;
    }

    /// <summary>A call that is refused again and again writes its alert once, and after that nothing.</summary>
    [Fact]
    public async Task Alert_ThatIsKept_CostsNoWrite()
    {
        var alert = new Alert { Id = "evt_1", Kind = AlertKind.Refused, At = DateTimeOffset.UnixEpoch, Node = "team" };
        await Outbox.RegisterAsync("log", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch, default);
        await RaiseAsync(alert);
        var before = LogLength();

        await RaiseAsync(alert);
        Assert.Equal(before, LogLength());

        await RaiseAsync(alert with { Id = "evt_2" });
        Assert.NotEqual(before, LogLength());

        long LogLength() => new FileInfo(_folder.File() + "-wal").Length;
    }

    /// <summary>What was raised and registered is there when the file is opened again.</summary>
    [Fact]
    public async Task Alerts_OutliveTheProcess()
    {
        await Outbox.RegisterAsync("log", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch, default);
        await RaiseAsync(new Alert { Id = "evt_1", Kind = AlertKind.Refused, At = DateTimeOffset.UnixEpoch, Node = "team" });
        await _store!.DisposeAsync();

        var again = await OpenAsync();

        Assert.Equal("evt_1", (await again.TakeAsync("log", TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch, default))?.Alert.Id);
    }

    protected override async Task RaiseAsync(Alert alert) => await ((SqliteAlerts)_store!.Alerts).RaiseAsync(alert, default);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
        _folder.Dispose();
    }
}
