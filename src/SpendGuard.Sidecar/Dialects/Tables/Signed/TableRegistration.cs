using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Dialects.Tables.Signed;

/// <summary>Registers the tables in force, and what renews them.</summary>
internal static class TableRegistration
{
    /// <param name="services">The services.</param>
    /// <param name="options">Where signed tables come from; null for those that ship with SpendGuard alone.</param>
    public static void AddRequestTables(this IServiceCollection services, SignedPriceOptions? options)
    {
        services.AddSingleton<TablesInForce>();
        if (options is not null)
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TableFeed>(provider, options));
            services.AddHostedService(provider => provider.GetRequiredService<TableFeed>());
        }
    }
}
