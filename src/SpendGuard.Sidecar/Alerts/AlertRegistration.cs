using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Control.Approvals;
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
            services.AddSingleton<ISpendAlertSink>(provider => settings.Alerts.Sink(
                address, provider.GetRequiredService<TimeProvider>(), findApproveUrl: (alert, stop) => FindApproveUrlAsync(provider, alert, stop)));
        }

        if (settings.Alerts.Webhooks.Count > 0)
        {
            services.AddHostedService<DeliveryAtStart>();
        }
    }

    /// <summary>The engine is looked up when an alert is sent, as it is made of its sinks. A request that was answered meanwhile has no link any more.</summary>
    private static async ValueTask<string?> FindApproveUrlAsync(IServiceProvider provider, Alert alert, CancellationToken cancellationToken) =>
        alert is { Kind: AlertKind.ApprovalRequested, ApprovalId: { } id }
        && await provider.GetRequiredService<SpendGuardEngine>().FindApprovalAsync(new ApprovalId(id), cancellationToken) is { } asked
            ? provider.GetRequiredService<ApprovalLinks>().Find(asked)
            : null;
}
