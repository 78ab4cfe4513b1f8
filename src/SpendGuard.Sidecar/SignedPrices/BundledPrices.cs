using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>The prices that ship inside the engine. They never expire and never change, which is why they are not the default.</summary>
internal sealed class BundledPrices(TimeProvider time, ILogger<BundledPrices> logger) : IPriceFeed
{
    private bool _said;

    public Prices Prices { get; } = new(PriceBook.LoadBundled());

    public PriceFailure? LastFailure => null;

    public Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!_said)
        {
            _said = true;
            Log.Bundled(logger, Prices.Current.GeneratedAt, (int)Prices.Current.AgeAt(time.GetUtcNow()).TotalDays);
        }

        return Task.CompletedTask;
    }

    public Task KeepCurrentAsync(CancellationToken stopping) => Task.CompletedTask;
}
