namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>Groups, limits, pauses and runs as callers see them.</summary>
public sealed class GroupRouteTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private static readonly string[] Group = ["group_id", "name", "created_at", "under", "paused", "paused_above"];

    private static readonly string[] Limit =
    [
        "window", "zone", "action", "alert_at", "amount_cents", "amount_microcents", "raised_microcents", "raised_until", "granted_cents", "granted_microcents", "spent_cents", "spent_microcents",
        "held_cents", "held_microcents", "left_cents", "left_microcents", "from", "resets_at", "overdrawn",
    ];

    [Fact]
    public async Task Team_FromItsGroupToItsPause()
    {
        var group = Guid.NewGuid().ToString();
        var agent = await sidecar.AgentAsync();
        Assert.Equal(group, (await PutAsync($"/v1/groups/{group}", """{"name":"Red"}""")).Has(Group).String("group_id"));
        var set = (await PutAsync($"/v1/groups/{group}/limits/month", """{"amount_cents":100,"zone":"Europe/Berlin"}""")).Has(Limit);
        Assert.Equal(("month", "Europe/Berlin", "refuse", 100), (set.String("window"), set.String("zone"), set.String("action"), set.Number("left_cents")));
        Assert.Equal(group, (await sidecar.PatchAsync($"/v1/agents/{agent}", $$"""{"under":"{{group}}"}""")).Has("agent_id", "name", "created_at", "under", "paused", "paused_above").String("under"));

        Assert.Equal(200, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
        var path = (await sidecar.GetAsync($"/v1/agents/{agent}/path")).Has("nodes").Json["nodes"]!.AsArray();
        Assert.Equal([agent, group], path.Select(node => (string?)node!["id"]));
        Assert.All(path, node => node.HasFields("id", "kind", "name", "under", "paused", "limits", "identical_calls"));
        Assert.True((long)path[1]!["limits"]![0]!["spent_microcents"]! > 0);
        Assert.Equal("group", (string?)(await sidecar.GetAsync("/v1/tree?limit=1000")).Has("nodes", "next_after", "has_more").Json["nodes"]!.AsArray().Single(node => (string?)node!["id"] == group)!["kind"]);

        Assert.Equal("Enough", (string?)(await sidecar.PostAsync($"/v1/groups/{group}/pause", """{"reason":"Enough"}""")).Has(Group).Json["paused"]!["reason"]);
        Assert.Equal(403, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
        Assert.Null((await sidecar.PostAsync($"/v1/groups/{group}/resume", "{}")).Has(Group).Json["paused"]);

        Assert.Equal(5, (await PutAsync($"/v1/groups/{group}/breaker", """{"identical_calls":5}""")).Has("identical_calls").Number("identical_calls"));
        Assert.Equal(5, (await sidecar.GetAsync($"/v1/groups/{group}/limits")).Has("limits", "identical_calls").Number("identical_calls"));
        (await sidecar.DeleteAsync($"/v1/groups/{group}/breaker")).Has("identical_calls");

        (await PutAsync($"/v1/groups/{group}/limits/month", """{"amount_cents":0}""")).Has(Limit);
        var refused = await sidecar.CallAsync(Route.OpenAIChat, agent);
        Assert.Equal((402, group, "month"), (refused.Status, refused.String("node"), refused.String("limit")));
        Assert.Contains($"group '{group}'", refused.Detail, StringComparison.Ordinal);

        (await sidecar.DeleteAsync($"/v1/groups/{group}/limits/month")).Has("window", "removed");
        (await sidecar.DeleteAsync($"/v1/groups/{group}/limits/month")).Refuses(404, "Limit not found");
        Assert.Equal(409, (await sidecar.DeleteAsync($"/v1/groups/{group}")).Status);
        await sidecar.DeleteAsync($"/v1/agents/{agent}");
        (await sidecar.DeleteAsync($"/v1/groups/{group}")).Has("group_id", "deleted");
        (await sidecar.GetAsync($"/v1/groups/{group}")).Refuses(404, "Group not found");
    }

    private Task<Answer> PutAsync(string path, string json) => sidecar.SendAsync(Sidecar.Request(HttpMethod.Put, path, json));
}
