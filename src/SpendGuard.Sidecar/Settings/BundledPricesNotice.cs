using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Says at start that prices are those that ship with SpendGuard. They never change, which is why they are not the default.</summary>
internal sealed class BundledPricesNotice(Prices prices, TimeProvider time, ILogger<BundledPricesNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Bundled(logger, prices.Current.GeneratedAt, (int)prices.Current.AgeAt(time.GetUtcNow()).TotalDays);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
