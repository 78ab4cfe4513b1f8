using Microsoft.Extensions.Hosting;

namespace SpendGuard.SignedPrices;

/// <summary>Puts the first prices in force before anything else of a host starts.</summary>
internal sealed class SignedPriceService(SignedPriceFeed feed) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => feed.LoadAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
