using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SpendGuard;
using SpendGuard.Alerts;
using SpendGuard.Calls;
using SpendGuard.Pricing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers SpendGuard.</summary>
public static class SpendGuardServiceCollectionExtensions
{
    /// <summary>Registers one <see cref="SpendGuardEngine"/> with its store and prices, all as singletons.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the engine up, such as <c>o => o.UseSqlite("spendguard.db")</c>.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// The store is opened when the engine is first asked for; a store that cannot be opened throws
    /// <see cref="StoreUnavailableException"/> then. The clock is the registered <see cref="TimeProvider"/>, or the system's.
    /// Alerts are delivered to every registered <see cref="ISpendAlertSink"/>.
    /// Called again, such as by a library and by the application, it sets up the same engine further: what is set twice is as the later
    /// call says; but the store, and a source of changing prices, are chosen in one call only.
    /// </remarks>
    /// <exception cref="InvalidOperationException">An earlier call has chosen another store, or registered another source of changing prices.</exception>
    public static IServiceCollection AddSpendGuard(this IServiceCollection services, Action<SpendGuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.LastOrDefault(descriptor => descriptor.ServiceType == typeof(EngineSetUp))?.ImplementationInstance is EngineSetUp earlier)
        {
            earlier.Add(services, configure);
            return services;
        }

        var setUp = new EngineSetUp();
        services.AddSingleton(setUp);
        setUp.Add(services, configure);
        var options = setUp.Options;
        services.TryAddSingleton(_ => new Prices(options.Prices()));
        services.TryAddSingleton(provider => new SpendGuardEngine(
            options.Store(provider),
            provider.GetRequiredService<Prices>(),
            options,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<SpendGuardEngine>>(),
            provider.GetService<IMeterFactory>(),
            provider.GetServices<ISpendAlertSink>()));
        return services;
    }
}
