using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Notices;

/// <summary>Somebody who is told of a tenant's changes.</summary>
/// <param name="notices">Who tells.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="changed">What is to be called.</param>
internal sealed class TenantWatch(TenantNotices notices, string tenant, Action changed) : IStoreNotices
{
    public string Tenant => tenant;

    public bool AreComing => notices.AreComing;

    public void Tell() => changed();

    public void Dispose() => notices.Remove(this);
}
