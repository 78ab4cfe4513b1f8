using SpendGuard.Alerts;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Alerts;

/// <summary>Registers whom the one engine delivers alerts to. In hosted mode each organisation's engine has sinks of its own.</summary>
internal static class AlertRegistration
{
    public static void AddAlerts(this IServiceCollection services, SidecarSettings settings)
    {
        if (settings.Hosted)
        {
            return;
        }

        services.AddSingleton<ISpendAlertSink, LogAlertSink>();
        foreach (var address in settings.Alerts.Webhooks)
        {
            services.AddSingleton<ISpendAlertSink>(provider => settings.Alerts.Sink(address, provider.GetRequiredService<TimeProvider>()));
        }

        if (settings.Alerts.Webhooks.Count > 0)
        {
            services.AddHostedService<DeliveryAtStart>();
        }
    }
}
