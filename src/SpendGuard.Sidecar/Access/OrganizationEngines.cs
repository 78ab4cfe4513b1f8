using System.Collections.Concurrent;
using SpendGuard.Alerts.Webhooks;
using SpendGuard.PostgreSql;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>An engine for each organisation, over connections that they share. An organisation's engine cannot name another's agents.</summary>
internal sealed class OrganizationEngines(
    PostgresConnections database, Prices prices, SidecarSettings settings, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SpendGuardEngine>> _engines = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<WebhookSink> _sinks = [];

    public SpendGuardEngine Of(string organization) =>
        _engines.GetOrAdd(organization, name => new Lazy<SpendGuardEngine>(() => Create(name))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines.Values.Where(engine => engine.IsValueCreated))
        {
            await engine.Value.DisposeAsync();
        }

        foreach (var sink in _sinks)
        {
            sink.Dispose();
        }
    }

    /// <summary>The same, waited for on this thread: for a host that is not disposed of asynchronously.</summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private SpendGuardEngine Create(string organization)
    {
        var store = new PostgresBudgetStore(
            new PostgresStoreOptions { Connections = database, Tenant = organization, Prepare = settings.Postgres!.Prepare }, loggers.CreateLogger<PostgresBudgetStore>());
        var options = new SpendGuardOptions();
        EngineSetup.Apply(options, settings);
        foreach (var address in settings.Alerts.Webhooks)
        {
            var sink = settings.Alerts.Sink(address, time, organization);
            _sinks.Add(sink);
            options.AlertSinks.Add(sink);
        }

        return new SpendGuardEngine(store, prices, options, time, loggers.CreateLogger<SpendGuardEngine>());
    }
}
