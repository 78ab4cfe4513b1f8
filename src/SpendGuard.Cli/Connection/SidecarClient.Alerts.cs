using System.Globalization;

namespace SpendGuard.Cli.Connection;

/// <content>Alerts.</content>
internal sealed partial class SidecarClient
{
    /// <summary>A page of the alerts, newest first.</summary>
    /// <param name="before">The sequence of the last one that is known already; null to start.</param>
    /// <param name="node">Only this node's; null for all.</param>
    /// <param name="limit">The most alerts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<AlertPageView>> ListAlertsAsync(long? before, string? node, int limit, CancellationToken cancellationToken) => GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"v1/alerts?limit={limit}&before={before ?? 0}") + (node is null ? "" : $"&node={Uri.EscapeDataString(node)}"),
        BodyJson.Default.AlertPageView,
        cancellationToken);

    /// <summary>Has one alert delivered once more.</summary>
    public Task<Answer<AlertsReplayedView>> ReplayAlertAsync(string alert, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"v1/alerts/{Uri.EscapeDataString(alert)}/replay"), BodyJson.Default.AlertsReplayedView, cancellationToken);

    /// <summary>Has all alerts delivered once more that were raised at a time or later.</summary>
    public Task<Answer<AlertsReplayedView>> ReplayAlertsAsync(DateTimeOffset since, CancellationToken cancellationToken) => SendAsync(
        Post("v1/alerts/replay", new AlertReplay(since), BodyJson.Default.AlertReplay), BodyJson.Default.AlertsReplayedView, cancellationToken);
}
