using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Alerts;

public sealed class InMemoryAlertsTests : AlertOutboxConformance
{
    private readonly InMemoryAlerts _alerts = new();

    protected override Task<IAlertOutbox> OpenAsync() => Task.FromResult<IAlertOutbox>(_alerts);

    protected override Task RaiseAsync(Alert alert)
    {
        _alerts.Add([alert]);
        return Task.CompletedTask;
    }
}
