using SpendGuard.Alerts;

namespace SpendGuard.PostgreSql.Alerts;

/// <summary>Alerts that this process knows to be kept, so that a call that is refused again and again costs no commit each time.</summary>
internal sealed class AlertMemory
{
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public bool Has(Alert alert)
    {
        lock (_lock)
        {
            return _ids.Contains(alert.Id);
        }
    }

    /// <summary>Remembers alerts whose commit stands. When there are too many it begins anew: what it has forgotten is only looked up once more.</summary>
    public void Add(IReadOnlyCollection<Alert> alerts)
    {
        if (alerts.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_ids.Count + alerts.Count > Most)
            {
                _ids.Clear();
            }

            _ids.UnionWith(alerts.Select(alert => alert.Id));
        }
    }
}
