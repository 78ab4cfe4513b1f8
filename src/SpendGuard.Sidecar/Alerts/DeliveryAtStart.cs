namespace SpendGuard.Sidecar.Alerts;

/// <summary>Opens the store when the sidecar starts, and not with the first call: alerts may wait in it that the process before could not deliver.</summary>
internal sealed class DeliveryAtStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = services.GetRequiredService<SpendGuardEngine>();
        }
        catch (StoreUnavailableException)
        {
            // Whoever calls is told of it, and so is who asks whether the sidecar is ready.
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
