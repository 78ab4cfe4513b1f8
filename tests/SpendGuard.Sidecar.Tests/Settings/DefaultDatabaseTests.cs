using SpendGuard.Sidecar.Settings;
using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Sidecar.Tests.Settings;

public sealed class DefaultDatabaseTests
{
    /// <summary>The folder that a sidecar is started in never takes the place of a ledger or an admin key that the user has.</summary>
    [Theory]
    [InlineData(SqliteOwner.Nobody, "Own", "Own")]
    [InlineData(SqliteOwner.Another, "Own", "Own")]
    [InlineData(SqliteOwner.Unclear, "MayBeDamaged", "Own")]
    [InlineData(SqliteOwner.SpendGuard, "Here", "TwoLedgers")]
    public void Choose_GoesByTheUsersFolderFirst(SqliteOwner here, string whereTheUserHasNone, string whereTheUserHasOne) => Assert.Equal(
        (whereTheUserHasNone, whereTheUserHasOne),
        (DefaultDatabase.Choose(here, isKnown: false).ToString(), DefaultDatabase.Choose(here, isKnown: true).ToString()));
}
