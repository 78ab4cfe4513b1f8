using SpendGuard.PostgreSql;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>Registers who is let in: by keys in hosted mode, everyone on this machine otherwise.</summary>
internal static class AccessRegistration
{
    public static void AddAccess(this IServiceCollection services, SidecarSettings settings)
    {
        if (settings.Hosted)
        {
            services.AddSingleton(provider => PostgresConnections.Open(settings.Postgres!.ConnectionString!, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider => new ApiKeyStore(
                provider.GetRequiredService<PostgresConnections>(), provider.GetRequiredService<ILogger<ApiKeyStore>>(), clock: provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<OrganizationEngines>();
            services.AddSingleton<IAccessControl, ApiKeyAccess>();
        }
        else
        {
            services.AddSingleton<AdminKey>();
            services.AddSingleton<IAccessControl, LocalAccess>();
            services.AddHostedService<OpenControlNotice>();
        }
    }
}
