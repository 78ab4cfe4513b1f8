using SpendGuard.PostgreSql.Schema;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Schema;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PostgresServerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("PostgreSQL 14.0 on x86_64", "140000")]
    [InlineData("PostgreSQL 18.1 (Debian) on x86_64", "180001")]
    [InlineData("CockroachDB CCL v24.1.0", "130000")]
    [InlineData("PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64", "110002")]
    public void Check_ServersThatWillDo_ArePassed(string version, string number) => PostgresServer.Check(version, number, "UTF8", "on");

    [Theory]
    [InlineData("PostgreSQL 13.14 on x86_64", "130014", "UTF8", "on", "PostgreSQL 14 or later")]
    [InlineData("PostgreSQL 16.1 on x86_64", "160001", "LATIN1", "on", "encoding LATIN1")]
    [InlineData("PostgreSQL 16.1 on x86_64", "160001", "UTF8", "off", "synchronous_commit is off")]
    public void Check_ServersThatWillNotDo_AreRefusedWithTheReason(
        string version, string number, string encoding, string synchronousCommit, string reason)
    {
        var exception = Assert.Throws<StoreUnavailableException>(() => PostgresServer.Check(version, number, encoding, synchronousCommit));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SynchronousCommitOff_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions
            {
                ConnectionString = database.ConnectionString + ";Options=-c synchronous_commit=off",
                Timeout = TestDatabase.Patience,
            }));

        Assert.Contains("synchronous_commit", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoSuchDatabase_IsRefusedWithASentence()
    {
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString + ";Database=nowhere", Timeout = TestDatabase.Patience }));

        Assert.Contains("no such database", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NobodyThere_IsRefusedWithinItsTime()
    {
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1", Timeout = TimeSpan.FromMilliseconds(200) }));

        Assert.Contains("cannot be reached", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreRefused()
    {
        foreach (var options in (PostgresStoreOptions[])
            [
                new(),
                new() { ConnectionString = " " },
                new() { ConnectionString = "Host=x", Tenant = "" },
                new() { ConnectionString = "Host=x", MaxBatch = 0 },
                new() { ConnectionString = "Host=x", Timeout = TimeSpan.Zero },
            ])
        {
            Assert.ThrowsAny<ArgumentException>(() => new PostgresBudgetStore(options));
        }
    }
}
