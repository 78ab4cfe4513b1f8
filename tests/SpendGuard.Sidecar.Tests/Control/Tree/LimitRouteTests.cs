using SpendGuard.Sidecar.Tests.Access;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>Limits as resources, the tree of all, and what an agent is told of its own way to the root.</summary>
public sealed class LimitRouteTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Limit_IsShownAsItIsEnforced()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        var set = await _sidecar.LimitAsync("groups/acme", "month", """{"amount_cents":100,"zone":"Europe/Berlin","action":"pause"}""");
        long held = 0;
        _sidecar.Provider.OnArrival = async _ => held = (long)(await _sidecar.ShownAsync("groups/acme", "month"))["held_microcents"]!;
        var reply = await _sidecar.ChatAsync("ann");

        var shown = await _sidecar.ShownAsync("groups/acme", "month");

        Assert.Equal(("month", "Europe/Berlin", "pause"), ((string?)set["window"], (string?)set["zone"], (string?)set["action"]));
        Assert.Equal((100, 100, 1, 0, 99), (Cents(shown, "amount"), Cents(shown, "granted"), Cents(shown, "spent"), Cents(shown, "held"), Cents(shown, "left")));
        Assert.Equal(reply.ChargedMicrocents, (long)shown["spent_microcents"]!);
        Assert.Equal(100_000_000 - reply.ChargedMicrocents, (long)shown["left_microcents"]!);
        Assert.InRange(held, reply.ChargedMicrocents, 100_000_000);
        Assert.False((bool)shown["overdrawn"]!);
        Assert.True(DateTimeOffset.Parse((string)shown["from"]!) <= DateTimeOffset.UtcNow && DateTimeOffset.Parse((string)shown["resets_at"]!) > DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Rolling_IsEmptyAgainAtItsLastSlice_AndTotalNever()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        await _sidecar.LimitAsync("groups/acme", "rolling-60m", """{"amount_cents":100}""");
        await _sidecar.LimitAsync("groups/acme", "total", """{"amount_cents":100}""");
        Assert.Null((await _sidecar.ShownAsync("groups/acme", "rolling-1h"))["resets_at"]);

        await _sidecar.ChatAsync("ann");

        var resetsAt = DateTimeOffset.Parse((string)(await _sidecar.ShownAsync("groups/acme", "rolling-1h"))["resets_at"]!);
        Assert.InRange(resetsAt - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(65));
        Assert.Null((await _sidecar.ShownAsync("groups/acme", "total"))["resets_at"]);
    }

    [Fact]
    public async Task Total_OfAnAgent_IsItsBudget()
    {
        var agent = await _sidecar.AgentAsync(cents: 100);

        await _sidecar.LimitAsync($"agents/{agent}", "total", """{"amount_cents":70}""");
        Assert.Equal(70, (long)(await _sidecar.GetAsync($"/v1/agents/{agent}/budget")).Body["hard_limit_cents"]!);
        await _sidecar.SetBudgetAsync(agent, cents: 30);
        Assert.Equal((30, 30), (Cents(await _sidecar.ShownAsync($"agents/{agent}", "total"), "amount"), Cents(await _sidecar.ShownAsync($"agents/{agent}", "total"), "left")));

        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}/limits/total")).Status);
        Assert.Equal(404, (await _sidecar.GetAsync($"/v1/agents/{agent}/budget")).Status);
        Assert.Equal(404, (await _sidecar.ChatAsync(agent)).Status);
    }

    [Fact]
    public async Task BudgetOfItsOwn_IsNotNeededUnderALimit()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        await _sidecar.LimitAsync("groups/acme", "day", """{"amount_cents":100}""");

        var missing = await _sidecar.GetAsync("/v1/agents/ann/budget");
        Assert.Equal((404, "Budget not found"), (missing.Status, (string?)missing.Body["detail"]));
        Assert.Contains("no budget of its own, but other limits", (string?)missing.Body["message"], StringComparison.Ordinal);

        var tried = await _sidecar.AskAsync("/v1/agents/ann/dry-run", agent: null, "{}");
        Assert.Equal((200, 100_000_000), (tried.Status, (long)tried.Body["remaining_microcents"]!));

        // A large body too, which is only for who has a budget.
        var large = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""" + new string(' ', 1_100_000);
        Assert.Equal(200, (await _sidecar.AskAsync(Team.Chat, "ann", large)).Status);
    }

    [Theory]
    [InlineData("groups/acme", "fortnight", """{"amount_cents":1}""", "There is no window 'fortnight'.")]
    [InlineData("groups/acme", "day", """{"amount_cents":1,"zone":"Berlin"}""", "There is no time zone 'Berlin'.")]
    [InlineData("groups/acme", "rolling-1h", """{"amount_cents":1,"zone":"UTC"}""", "There is no window 'rolling-1h'.")]
    [InlineData("groups/acme", "day", "{}", "'amount_cents' is missing.")]
    [InlineData("groups/acme", "day", """{"amount_cents":-1}""", "'amount_cents' has to be a whole number of at least 0.")]
    [InlineData("groups/acme", "day", """{"amount_cents":9223372036854775807}""", "An amount is out of range.")]
    [InlineData("groups/acme", "day", """{"amount_cents":1,"action":"beg"}""", "'action' has to be 'refuse', 'pause' or 'ask'.")]
    public async Task Limit_ThatIsNone_IsRefused(string node, string window, string json, string sentence)
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");

        var refused = await _sidecar.SendAsync(HttpMethod.Put, $"/v1/{node}/limits/{window}", json);

        Assert.Equal(400, refused.Status);
        Assert.StartsWith(sentence, (string?)refused.Body["detail"], StringComparison.Ordinal);
        Assert.Empty((await _sidecar.GetAsync($"/v1/{node}/limits")).Body["limits"]!.AsArray());
    }

    [Fact]
    public async Task Limits_AreAtMostEight()
    {
        await _sidecar.GroupAsync("acme");
        for (var hours = 1; hours <= 8; hours++)
        {
            await _sidecar.LimitAsync("groups/acme", $"rolling-{hours}h", """{"amount_cents":1}""");
        }

        var refused = await _sidecar.SendAsync(HttpMethod.Put, "/v1/groups/acme/limits/day", """{"amount_cents":1}""");

        Assert.Equal(409, refused.Status);
        Assert.StartsWith("'acme' has 8 limits", (string?)refused.Body["detail"], StringComparison.Ordinal);
        await _sidecar.LimitAsync("groups/acme", "rolling-8h", """{"amount_cents":2}""");
    }

    [Fact]
    public async Task Routes_OfOneKind_AreNotForTheOther()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        const string Day = """{"amount_cents":1}""";

        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/groups/ann/limits/day", Day)).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/agents/acme/limits/day", Day)).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/agents/nobody/limits/day", Day)).Status);
        Assert.Equal(404, (await _sidecar.GetAsync("/v1/groups/ann/limits")).Status);
        Assert.Equal(404, (await _sidecar.GetAsync("/v1/agents/acme/path")).Status);
        Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/groups/acme/limits/day")).Status);

        // As in process, a limit makes the group that it is of.
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/groups/new/limits/day", Day)).Status);
        Assert.Equal(200, (await _sidecar.GetAsync("/v1/groups/new")).Status);
    }

    [Fact]
    public async Task Tree_HasAllNodes_InPages()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.GroupAsync("team-red", """{"under":"acme"}""");
        await _sidecar.MemberAsync("ann", "team-red");
        await _sidecar.MemberAsync("bob", "team-red");
        await _sidecar.LimitAsync("groups/acme", "month", """{"amount_cents":100}""");
        await _sidecar.SetBudgetAsync("ann", cents: 10);

        var first = (await _sidecar.GetAsync("/v1/tree?limit=3")).Body;
        var rest = (await _sidecar.GetAsync($"/v1/tree?limit=3&after={first["next_after"]}")).Body;

        var nodes = first["nodes"]!.AsArray().Concat(rest["nodes"]!.AsArray()).ToList();
        Assert.Equal(
            [("acme", "group", null, "month"), ("ann", "agent", "team-red", "total"), ("bob", "agent", "team-red", null), ("team-red", "group", "acme", null)],
            nodes.Select(node => ((string)node!["id"]!, (string)node["kind"]!, (string?)node["under"], (string?)node["limits"]!.AsArray().SingleOrDefault()?["window"])));
        Assert.Equal((true, false), ((bool)first["has_more"]!, (bool)rest["has_more"]!));
    }

    [Fact]
    public async Task Path_IsForTheAgentsOwnKey_AndNoOtherNode()
    {
        await _sidecar.GroupAsync("acme");
        await _sidecar.LimitAsync("groups/acme", "month", """{"amount_cents":100}""");
        await _sidecar.MemberAsync("ann", "acme");
        await _sidecar.MemberAsync("bob", "acme");
        var key = ("x-api-key", await _sidecar.CreateKeyAsync("ann"));

        var path = await _sidecar.SendAsync(HttpMethod.Get, "/v1/agents/ann/path", json: null, key);

        Assert.Equal(200, path.Status);
        Assert.Equal(["ann", "acme"], path.Body["nodes"]!.AsArray().Select(node => (string)node!["id"]!));
        Assert.Equal(100, (long)path.Body["nodes"]![1]!["limits"]![0]!["left_cents"]!);
        foreach (var other in (string[])["/v1/agents/bob/path", "/v1/agents/bob/limits", "/v1/groups/acme", "/v1/groups/acme/limits", "/v1/groups", "/v1/tree"])
        {
            Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Get, other, json: null, key)).Status);
        }

        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Post, "/v1/agents/ann/pause", "{}", key)).Status);
        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/agents/ann/limits/day", """{"amount_cents":1}""", key)).Status);
        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Patch, "/v1/agents/ann", """{"under":null}""", key)).Status);
    }

    [Fact]
    public async Task AgentWithoutAnything_HasAnEmptyPathButItself()
    {
        var agent = await _sidecar.AgentAsync(budget: null);

        var node = Assert.Single((await _sidecar.GetAsync($"/v1/agents/{agent}/path")).Body["nodes"]!.AsArray())!;

        Assert.Equal((agent, 0), ((string)node["id"]!, node["limits"]!.AsArray().Count));
    }

    private static long Cents(System.Text.Json.Nodes.JsonNode limit, string what) => (long)limit[what + "_cents"]!;
}
