using SpendGuard.Storage;

namespace SpendGuard.PostgreSql;

/// <content>What it tells of changes.</content>
public sealed partial class PostgresBudgetStore
{
    /// <inheritdoc/>
    public IStoreNotices? Watch(Action changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return _data.CanListen ? _data.Notices.Watch(_options.Tenant, changed, _logger) : null;
    }
}
