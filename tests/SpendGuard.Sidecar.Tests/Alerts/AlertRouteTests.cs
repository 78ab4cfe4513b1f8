using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SpendGuard.Sidecar.Tests.Access;
using SpendGuard.Sidecar.Tests.Control.Tree;

namespace SpendGuard.Sidecar.Tests.Alerts;

/// <summary>Alerts as they are listed and replayed, and the percentages at which limits raise them.</summary>
public sealed class AlertRouteTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Alerts_AreListedNewestFirst_PageByPage_AndByNode()
    {
        await PauseAsync("red");
        await PauseAsync("blue");
        await _sidecar.SendAsync(HttpMethod.Post, "/v1/groups/red/resume");

        Assert.Equal(
            [("spendguard.node.resumed", "red"), ("spendguard.node.paused", "blue"), ("spendguard.node.paused", "red")],
            (await ListAsync("")).Select(alert => ((string)alert["type"]!, (string)alert["node_id"]!)));
        Assert.Equal(["local", "local"], (await ListAsync("?node=red")).Select(alert => (string?)alert["by"]));
        var first = (await _sidecar.GetAsync("/v1/alerts?limit=2")).Body;
        Assert.True((bool)first["has_more"]!);
        Assert.Equal("red", (string)Assert.Single(await ListAsync($"?limit=2&before={first["next_before"]}"))["node_id"]!);
    }

    [Fact]
    public async Task Alert_IsWrittenToTheLog_OnceAndOnceMoreWhenItIsReplayed()
    {
        await PauseAsync("red", """{"reason":"too much"}""");
        await DeliveredAsync(attempts: 1);
        var id = (string)Assert.Single(await ListAsync(""))["id"]!;
        const string Line = "'red' is paused by local: too much.";
        Assert.Single(_sidecar.Log.At(LogLevel.Warning), line => line.StartsWith(Line, StringComparison.Ordinal));

        var replayed = await _sidecar.SendAsync(HttpMethod.Post, $"/v1/alerts/{id}/replay");

        Assert.Equal((200, 1), (replayed.Status, (int)replayed.Body["replayed"]!));
        await Eventually.HoldsAsync(() => _sidecar.Log.At(LogLevel.Warning).Count(line => line.StartsWith(Line, StringComparison.Ordinal)) == 2);
        await DeliveredAsync(attempts: 1);
    }

    [Fact]
    public async Task Replay_SinceATime_IsOfWhatWasRaisedByThen()
    {
        await PauseAsync("red");

        Assert.Equal(1, (int)(await _sidecar.SendAsync(HttpMethod.Post, "/v1/alerts/replay", """{"since":"2020-01-01"}""")).Body["replayed"]!);
        Assert.Equal(0, (int)(await _sidecar.SendAsync(HttpMethod.Post, "/v1/alerts/replay", """{"since":"2999-01-01T00:00:00Z"}""")).Body["replayed"]!);
    }

    [Theory]
    [InlineData("POST", "/v1/alerts/evt_1/replay", null, 404, "Alert not found")]
    [InlineData("POST", "/v1/alerts/replay", "{}", 400, "'since' is missing.")]
    [InlineData("POST", "/v1/alerts/replay", """{"since":"yesterday"}""", 400, "'since' has to be a time")]
    [InlineData("GET", "/v1/alerts?before=x", null, 400, "'before' has to be a whole number")]
    [InlineData("GET", "/v1/alerts?node=%00", null, 404, "Node not found")]
    public async Task Request_ThatIsNone_IsRefused(string method, string path, string? json, int status, string sentence)
    {
        var refused = await _sidecar.SendAsync(new HttpMethod(method), path, json);

        Assert.Equal(status, refused.Status);
        Assert.StartsWith(sentence, (string?)refused.Body["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AlertAt_IsSetAndShown_AndSetsBackWhatIsNotSaid()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        foreach (var (node, window) in ((string, string)[])[("groups/acme", "month"), ("agents/ann", "day"), ("agents/ann", "total")])
        {
            Assert.Equal("[10,50]", (await _sidecar.LimitAsync(node, window, """{"amount_cents":100,"alert_at":[50,10]}"""))["alert_at"]!.ToJsonString());
            Assert.Equal("[10,50]", (await _sidecar.ShownAsync(node, window))["alert_at"]!.ToJsonString());
            Assert.Equal("[]", (await _sidecar.LimitAsync(node, window, """{"amount_cents":100,"alert_at":[]}"""))["alert_at"]!.ToJsonString());
            Assert.Equal("[80,100]", (await _sidecar.LimitAsync(node, window, """{"amount_cents":100}"""))["alert_at"]!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("""[0]""")]
    [InlineData("""[101]""")]
    [InlineData("""[1.5]""")]
    [InlineData("""["80"]""")]
    [InlineData("""[1,2,3,4,5,6,7,8,9]""")]
    public async Task AlertAt_ThatIsNone_IsRefused(string percentages)
    {
        await _sidecar.GroupAsync("acme");

        var refused = await _sidecar.SendAsync(HttpMethod.Put, "/v1/groups/acme/limits/day", $$"""{"amount_cents":100,"alert_at":{{percentages}}}""");

        Assert.Equal((400, "'alert_at' has to be a list of up to 8 whole numbers from 1 to 100."), (refused.Status, (string?)refused.Body["detail"]));
    }

    private async Task PauseAsync(string group, string json = "{}")
    {
        await _sidecar.GroupAsync(group);
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Post, $"/v1/groups/{group}/pause", json)).Status);
    }

    private async Task<IReadOnlyList<JsonNode>> ListAsync(string query) => [.. (await _sidecar.GetAsync("/v1/alerts" + query)).Body["alerts"]!.AsArray().Select(alert => alert!)];

    private Task DeliveredAsync(int attempts) => Eventually.HoldsAsync(async () => (await ListAsync("")).All(alert =>
        alert["deliveries"]!.AsArray().Single() is { } log && (string)log["sink"]! == "log" && (int)log["attempts"]! == attempts && log["delivered_at"] is not null));
}
