using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices;

namespace SpendGuard;

/// <summary>Chooses signed price documents to take prices from.</summary>
public static class SignedPricesOptionsExtensions
{
    /// <summary>Takes prices from signed documents, which are verified, looked up again in the background, and never rolled back.</summary>
    /// <param name="options">The options.</param>
    /// <param name="source">The address of the price server (http or https), or the path of a signed price document.</param>
    /// <param name="publicKey">The key that documents have to be signed with: the base64 of the 32 bytes of an Ed25519 public key.</param>
    /// <param name="configure">Sets more.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The source is empty, or the key is none.</exception>
    /// <remarks>
    /// The first prices have to be had and to verify. A host fetches them when it starts; without one, whoever first asks for the engine
    /// waits for them. Either throws <see cref="PricesUnavailableException"/> when there are none that may be used.
    /// </remarks>
    public static SpendGuardOptions UseSignedPrices(
        this SpendGuardOptions options, string source, string publicKey, Action<SignedPriceOptions>? configure = null)
    {
        var prices = new SignedPriceOptions { Source = source, PublicKey = publicKey };
        configure?.Invoke(prices);
        return options.UseSignedPrices(prices);
    }

    /// <summary>Takes prices from signed documents, as <see cref="UseSignedPrices(SpendGuardOptions, string, string, Action{SignedPriceOptions}?)"/> does.</summary>
    /// <param name="options">The options.</param>
    /// <param name="prices">Where they come from, and what is asked of them.</param>
    /// <returns>The options.</returns>
    public static SpendGuardOptions UseSignedPrices(this SpendGuardOptions options, SignedPriceOptions prices)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(prices);
        options.PriceSource = services => services
            .AddSingleton(provider => new SignedPriceFeed(
                prices,
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetService<ILogger<SignedPriceFeed>>() ?? NullLogger<SignedPriceFeed>.Instance))
            .AddSingleton<Prices>(provider => provider.GetRequiredService<SignedPriceFeed>().Loaded())
            .AddHostedService<SignedPriceService>();
        return options;
    }
}
