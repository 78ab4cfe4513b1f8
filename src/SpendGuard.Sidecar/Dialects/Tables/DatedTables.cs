namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>Tables with where they are from, and how long they may be used.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="Source">Where they are from, for people to read.</param>
/// <param name="GeneratedAt">Their date.</param>
/// <param name="ExpiresAt">When they must no longer be used; null for never.</param>
internal sealed record DatedTables(RequestTables Tables, string Source, DateTimeOffset GeneratedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>Those that ship with SpendGuard, which never expire.</summary>
    public static DatedTables Bundled { get; } = new(
        RequestTables.Bundled,
        "the tables that ship with SpendGuard",
        RequestTables.Bundled.Vendors.Max(vendor => RequestTables.Bundled.Of(vendor).Dated)!.Value,
        ExpiresAt: null);
}
