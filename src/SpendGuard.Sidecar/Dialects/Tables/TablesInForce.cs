namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>The tables in force, which can be renewed while calls are under way. Thread-safe; a call takes them once.</summary>
internal sealed class TablesInForce(TimeProvider time)
{
    private volatile DatedTables _inForce = DatedTables.Bundled;

    /// <summary>The tables in force with where they are from, expired or not.</summary>
    public DatedTables InForce => _inForce;

    /// <summary>The tables that a call goes by.</summary>
    /// <exception cref="TablesExpiredException">They must no longer be used.</exception>
    public RequestTables Current => _inForce is { ExpiresAt: { } expiresAt } expired && expiresAt <= time.GetUtcNow()
        ? throw new TablesExpiredException(expired.Source, expiresAt)
        : _inForce.Tables;

    /// <summary>Puts others in force.</summary>
    public void Swap(DatedTables tables) => _inForce = tables;
}
