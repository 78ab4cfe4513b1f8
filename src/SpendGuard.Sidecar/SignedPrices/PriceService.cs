namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Loads prices before the sidecar listens, and keeps them current while it runs.</summary>
internal sealed class PriceService(IPriceFeed feed) : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => feed.LoadAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => feed.KeepCurrentAsync(stoppingToken);
}
