using System.Globalization;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What concerns all organisations of a host at once.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class HostedOperationTests(HostedSidecar hosted) : IClassFixture<HostedSidecar>
{
    [Fact]
    public async Task Metrics_AreNoOrganisationsBusiness() =>
        Assert.Equal(404, (await hosted.SendAsync(HttpMethod.Get, "/metrics", hosted.Owner)).Status);

    [Fact]
    public async Task RestoredDatabase_HasTheBudgetsOfItsOrganisationsClosed()
    {
        var agent = await hosted.AgentAsync();
        await using var restored = await SidecarFixture.StartAsync(settings:
        [
            ("CAP_MODE", "hosted"), ("CAP_STORE", "postgres"), ("CAP_POSTGRES", hosted.Database), ("CAP_SQLITE_PATH", null),
            ("SPENDGUARD_RESTORED", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture)),
        ]);

        var budget = JsonNode.Parse((await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/budget", hosted.Owner)).Body)!;
        Assert.Equal((0, 0), ((int)budget["hard_limit_cents"]!, (int)budget["remaining_cents"]!));
    }
}
