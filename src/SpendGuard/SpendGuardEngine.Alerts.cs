using System.Diagnostics.CodeAnalysis;
using SpendGuard.Alerts;

namespace SpendGuard;

/// <content>What alerts were raised, and what delivers them.</content>
public sealed partial class SpendGuardEngine
{
    private readonly AlertDelivery? _delivery;

    /// <summary>A page of the alerts, newest first, with how far each is with whom it is delivered to.</summary>
    /// <param name="before">The last alert that is known already, by its sequence; null to start.</param>
    /// <param name="node">Only this node's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The alerts; none where the store keeps none.</returns>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<IReadOnlyList<KeptAlert>> ListAlertsAsync(
        long? before = null, NodeId? node = null, int limit = 100, CancellationToken cancellationToken = default) =>
        _store.Alerts is { } outbox ? await outbox.ListAsync(before, node, limit, cancellationToken).ConfigureAwait(false) : [];

    /// <summary>Delivers alerts once more, to everybody whom alerts are delivered to now.</summary>
    /// <param name="which">Which alerts.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>How many alerts.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    [Experimental(ApiTier.Adapters)]
    public async ValueTask<int> ReplayAlertsAsync(AlertSelection which, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(which);
        if (_store.Alerts is not { } outbox)
        {
            return 0;
        }

        var alerts = await outbox.ReplayAsync(which, Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        _delivery?.Pulse();
        return alerts;
    }

    /// <summary>Alerts that nobody here takes stay in the store, for other processes and for who asks for them.</summary>
    private AlertDelivery? Deliver(IAlertOutbox? outbox, IReadOnlyCollection<ISpendAlertSink> sinks) =>
        sinks.Count > 0 && outbox is not null ? new AlertDelivery(outbox, sinks, Time, Logger) : null;
}
