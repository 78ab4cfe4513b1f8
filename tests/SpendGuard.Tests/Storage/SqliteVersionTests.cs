using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Tests.Storage;

public sealed class SqliteVersionTests
{
    [Theory]
    [InlineData("3.44.5", false)]
    [InlineData("3.44.6", true)]
    [InlineData("3.45.0", false)]
    [InlineData("3.46.1", false)]
    [InlineData("3.49.9", false)]
    [InlineData("3.50.6", false)]
    [InlineData("3.50.7", true)]
    [InlineData("3.51.0", false)]
    [InlineData("3.51.2", false)]
    [InlineData("3.51.3", true)]
    [InlineData("3.52.0", true)]
    [InlineData("3.53.3", true)]
    [InlineData("4.0.0", true)]
    [InlineData("2.8.17", false)]
    [InlineData("3.6.23", false)]
    [InlineData("", false)]
    [InlineData("newest", false)]
    public void IsSafe_KnowsWhichVersionsHaveTheFix(string version, bool safe)
    {
        Assert.Equal(safe, SqliteVersion.IsSafe(version));
        if (!safe)
        {
            var exception = Assert.Throws<StoreUnavailableException>(() => SqliteFile.RequireSafeVersion(version));
            Assert.Contains(version, exception.Message, StringComparison.Ordinal);
        }
    }
}
