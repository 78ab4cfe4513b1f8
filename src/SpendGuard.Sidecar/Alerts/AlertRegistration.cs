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
        foreach (var at in Enumerable.Range(0, settings.Alerts.Webhooks.Count))
        {
            services.AddSingleton<ISpendAlertSink>(provider => settings.Alerts.Sinks(provider.GetRequiredService<TimeProvider>())[at]);
        }

        if (settings.Alerts.Webhooks.Count > 0)
        {
            services.AddHostedService<DeliveryAtStart>();
        }
    }
}
