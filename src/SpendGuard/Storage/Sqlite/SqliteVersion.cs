namespace SpendGuard.Storage.Sqlite;

/// <summary>Which versions of SQLite keep what they acknowledged.</summary>
internal static class SqliteVersion
{
    public const string Wanted = "3.51.3 or later (3.50.7 and 3.44.6 have the fix too)";

    /// <summary>
    /// Whether a version is free of the WAL-reset bug: from 3.7.0 up to 3.51.2, two connections can lose or corrupt what was
    /// committed (https://sqlite.org/wal.html#walresetbug).
    /// </summary>
    public static bool IsSafe(string version) =>
        Version.TryParse(version, out var parsed)
        && (parsed.Major, parsed.Minor) switch
        {
            (3, 44) => parsed.Build >= 6,
            (3, 50) => parsed.Build >= 7,
            (3, 51) => parsed.Build >= 3,
            (3, > 51) => true,
            (> 3, _) => true,
            _ => false,
        };
}
