namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>Groups as resources: made and brought in line by one request, listed in pages, deleted when empty.</summary>
public sealed class GroupRouteTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Put_MakesAGroup_AndBringsItInLine()
    {
        await _sidecar.GroupAsync("acme");
        var made = await PutAsync("team-red", """{"name":"Red","under":"acme"}""");
        Assert.Equal((200, "team-red", "Red", "acme"), (made.Status, (string?)made.Body["group_id"], (string?)made.Body["name"], (string?)made.Body["under"]));
        Assert.Equal(made.Text, (await PutAsync("team-red", """{"name":"Red","under":"acme"}""")).Text);

        // What is not said stays as it is: a group does not slip out of the limits above it.
        Assert.Equal(("Azure", "acme"), Said(await PutAsync("team-red", """{"name":"Azure"}""")));
        Assert.Equal(("Azure", "acme"), Said(await PutAsync("team-red", "{}")));
        Assert.Equal(("Azure", null), Said(await PutAsync("team-red", """{"under":null}""")));
        Assert.Equal(made.Body["created_at"]!.ToJsonString(), (await _sidecar.GetAsync("/v1/groups/team-red")).Body["created_at"]!.ToJsonString());
    }

    [Fact]
    public async Task Put_OfManyAtOnce_MakesOne()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync("team-red", """{"name":"Red"}""")));

        Assert.All(made, reply => Assert.Equal((200, made[0].Text), (reply.Status, reply.Text)));
        Assert.Single((await _sidecar.GetAsync("/v1/groups")).Body["groups"]!.AsArray());
    }

    [Theory]
    [InlineData("team-red", """{"under":"nowhere"}""", 404, "There is no group with the id 'nowhere'")]
    [InlineData("team-red", """{"under":"ann"}""", 404, "There is no group with the id 'ann'")]
    [InlineData("acme", """{"under":"team-blue"}""", 409, "'acme' cannot be under 'team-blue'")]
    [InlineData("ann", "{}", 409, "There is, or was, an agent or another group with the id 'ann'")]
    [InlineData("gone", "{}", 409, "There is, or was, an agent or another group with the id 'gone'")]
    [InlineData("team-red", """{"name":7}""", 400, "'name' has to be a string.")]
    [InlineData("team-red", """{"under":""}""", 400, "'under' is no id of a group.")]
    [InlineData("a%2Fb", "{}", 400, "'a%2Fb' is no id of a group: it has a slash")]
    public async Task Put_ThatCannotBe_IsRefused(string group, string json, int status, string sentence)
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.GroupAsync("team-blue", """{"under":"acme"}""");
        await _sidecar.MemberAsync("ann", "acme");
        await _sidecar.GroupAsync("gone");
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/gone")).Status);

        var refused = await PutAsync(group, json);

        Assert.Equal(status, refused.Status);
        Assert.StartsWith(sentence, (string?)refused.Body["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_TakesOnlyWhatIsEmpty()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");

        var full = await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/acme");
        Assert.Equal(409, full.Status);
        Assert.StartsWith("Group 'acme' has agents or groups under it", (string?)full.Body["detail"], StringComparison.Ordinal);

        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", """{"under":null}""")).Status);
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/acme")).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/acme")).Status);
        Assert.Equal(404, (await _sidecar.GetAsync("/v1/groups/acme")).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/ann")).Status);
    }

    [Fact]
    public async Task List_ReadsInPages_AndNoAgents()
    {
        foreach (var group in (string[])["c", "a", "b"])
        {
            await _sidecar.GroupAsync(group);
            await _sidecar.MemberAsync("agent-" + group, group);
        }

        var first = (await _sidecar.GetAsync("/v1/groups?limit=2")).Body;
        var rest = (await _sidecar.GetAsync($"/v1/groups?limit=2&after={first["next_after"]}")).Body;

        Assert.Equal(["a", "b"], first["groups"]!.AsArray().Select(group => (string)group!["group_id"]!));
        Assert.Equal(["c"], rest["groups"]!.AsArray().Select(group => (string)group!["group_id"]!));
        Assert.Equal((true, false), ((bool)first["has_more"]!, (bool)rest["has_more"]!));
    }

    [Fact]
    public async Task Agent_SaysWhatItIsUnder_AndIsMovedByPatch()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.GroupAsync("umbrella");
        await _sidecar.MemberAsync("ann", "acme");
        Assert.Equal("acme", (string?)(await _sidecar.GetAsync("/v1/agents/ann")).Body["under"]);

        var moved = await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", """{"under":"umbrella","name":"Ann"}""");
        Assert.Equal((200, "umbrella", "Ann"), (moved.Status, (string?)moved.Body["under"], (string?)moved.Body["name"]));
        Assert.Equal("umbrella", (string?)(await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", """{"name":"Eve"}""")).Body["under"]);
        Assert.Equal("umbrella", (string?)(await _sidecar.GetAsync("/v1/agents")).Body["agents"]![0]!["under"]);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/acme", """{"under":"umbrella"}""")).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", """{"under":"nowhere"}""")).Status);
        Assert.Equal(400, (await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", "{}")).Status);
        Assert.Equal(404, (await _sidecar.AskAsync("/v1/agents", agent: null, """{"under":"nowhere"}""")).Status);
    }

    [Fact]
    public async Task AgentMadeUnderAKey_IsMadeOnce_UnderItsGroup()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.GroupAsync("umbrella");
        (string, string) key = ("Idempotency-Key", "key");
        const string Acme = """{"agent_id":"ann","under":"acme"}""";

        Assert.Equal(200, (await _sidecar.AskAsync("/v1/agents", agent: null, Acme, key)).Status);
        Assert.Equal(200, (await _sidecar.AskAsync("/v1/agents", agent: null, Acme, key)).Status);
        Assert.Equal(409, (await _sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"ann","under":"umbrella"}""", key)).Status);
    }

    private static (string? Name, string? Under) Said(Reply reply) => ((string?)reply.Body["name"], (string?)reply.Body["under"]);

    private Task<Reply> PutAsync(string group, string json) => _sidecar.SendAsync(HttpMethod.Put, $"/v1/groups/{group}", json);
}
