using Npgsql;
using SpendGuard.PostgreSql.Tests.Server;

namespace SpendGuard.Sidecar.Tests.Readiness;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class HostedReadinessTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("hosted", false)]
    [InlineData("sidecar", true)]
    public async Task StoreThatDoesNotWork_IsExplainedOnlyWhereNoStrangerAsks(string mode, bool explained)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "no_such_database" }.ConnectionString;
        await using var sidecar = await SidecarFixture.StartAsync(
            settings: [("CAP_MODE", mode), ("CAP_STORE", "postgres"), ("CAP_POSTGRES", elsewhere)]);

        using var response = await sidecar.Client.GetAsync(new Uri("/ready", UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("The store cannot commit.", body, StringComparison.Ordinal);
        Assert.Equal(explained, body.Contains("no_such_database", StringComparison.Ordinal));
    }
}
