using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Wires prices into the sidecar.</summary>
internal static class PriceRegistration
{
    /// <summary>Registers the prices that are set up, in place of the engine's own. To be called before the engine is registered.</summary>
    public static IServiceCollection AddPrices(this IServiceCollection services, PriceSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<PriceDocumentVerifier>();
        services.AddSingleton<KeptPrices>();
        switch (settings.Source)
        {
            case PriceSourceKind.Bundled:
                services.AddSingleton<IPriceFeed, BundledPrices>();
                break;
            case PriceSourceKind.File:
                services.AddSingleton<IPriceSource, FilePrices>().AddSingleton<IPriceFeed, SignedPriceFeed>();
                break;
            default:
                services.AddSingleton<IPriceSource, RemotePrices>().AddSingleton<IPriceFeed, SignedPriceFeed>();
                break;
        }

        services.AddSingleton(provider => provider.GetRequiredService<IPriceFeed>().Prices);
        return services.AddHostedService<PriceService>();
    }

    /// <summary>Loads the first prices. The host does it too, but reports a failure as a defect; here it can be told in one sentence.</summary>
    /// <exception cref="PricesUnavailableException">There are no prices that may be used.</exception>
    public static Task LoadPricesAsync(this IHost host) =>
        host.Services.GetRequiredService<IPriceFeed>().LoadAsync(CancellationToken.None);
}
