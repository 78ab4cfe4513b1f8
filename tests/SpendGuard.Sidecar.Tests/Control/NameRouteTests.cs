using System.Net;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>On control routes an agent or a group goes by its id, its name, or the beginning of its id; where a call is charged, by its id alone.</summary>
public sealed class NameRouteTests : IAsyncLifetime
{
    private const string Ask = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("crawler-one")]
    [InlineData("The crawler")]
    [InlineData("craw")]
    public async Task EveryControlRoute_FindsTheAgent_AndAnswersWithItsId(string text)
    {
        await MakeAsync("crawler-one", "The crawler");
        var path = "/v1/agents/" + Uri.EscapeDataString(text);

        foreach (var (method, route, body) in ((string, string, string?)[])
            [
                ("POST", "/budget", """{"hard_limit_cents":100}"""), ("GET", "/budget", null), ("GET", "", null), ("GET", "/ledger", null), ("GET", "/path", null),
                ("POST", "/dry-run", "{}"), ("POST", "/runs", "{}"), ("PUT", "/limits/day", """{"amount_cents":5}"""), ("GET", "/limits", null), ("DELETE", "/limits/day", null),
                ("POST", "/pause", "{}"), ("POST", "/resume", null), ("PUT", "/breaker", """{"identical_calls":3}"""), ("DELETE", "/breaker", null),
                ("POST", "/keys", "{}"), ("GET", "/keys", null), ("DELETE", "", null),
            ])
        {
            var (status, answer) = await SendAsync(method, path + route, body);
            Assert.True(status == 200, $"{method} {route}: {answer}");
            Assert.Equal("crawler-one", (string?)answer["agent_id"] ?? "crawler-one");
        }
    }

    [Theory]
    [InlineData("team/red & blue")]
    [InlineData("100% Größe")]
    [InlineData("a%2Fb")]
    [InlineData("数据 🦊")]
    [InlineData("?key=#x;:@+")]
    [InlineData("../budget")]
    public async Task Name_IsAnyText_EncodedInAPath(string name)
    {
        await MakeAsync("a1", name);

        var (status, agent) = await SendAsync("GET", "/v1/agents/" + Uri.EscapeDataString(name));

        Assert.Equal((200, "a1"), (status, (string?)agent["agent_id"]));
    }

    /// <summary>A sign that is encoded twice is no slash.</summary>
    [Fact]
    public async Task Slash_AndItsCode_AreTwoNames()
    {
        await MakeAsync("slash", "a/b");
        await MakeAsync("code", "a%2Fb");

        Assert.Equal("slash", (string?)(await SendAsync("GET", "/v1/agents/a%2Fb/path")).Body["nodes"]![0]!["id"]);
        Assert.Equal("code", (string?)(await SendAsync("GET", "/v1/agents/a%252Fb/path")).Body["nodes"]![0]!["id"]);
    }

    /// <summary>The id first, also that of an agent that was deleted; then the name; then the beginning of an id.</summary>
    [Fact]
    public async Task Id_GoesBeforeTheName_AndTheNameBeforeABeginning()
    {
        await MakeAsync("nightly", "report");
        await MakeAsync("other", "nightly");
        await MakeAsync("report-2", null);
        await MakeAsync("nightly-2", null);

        Assert.Equal("nightly", await FoundAsync("nightly"));
        Assert.Equal("nightly", await FoundAsync("report"));
        Assert.Equal("report-2", await FoundAsync("repo"));
        Assert.Null(await FoundAsync("rep"));
        Assert.Equal(200, (await SendAsync("DELETE", "/v1/agents/nightly")).Status);
        Assert.Equal(404, (await SendAsync("DELETE", "/v1/agents/nightly")).Status);
        Assert.Equal("other", await FoundAsync("other"));
    }

    [Fact]
    public async Task SeveralMayBeMeant_IsRefused_WithTheirIds()
    {
        foreach (var number in Enumerable.Range(1, 7))
        {
            await MakeAsync($"twin-{number}", number < 3 ? "Ada" : null);
        }

        var (status, body) = await SendAsync("DELETE", "/v1/agents/Ada");
        Assert.Equal((409, "ambiguous"), (status, (string?)body["code"]));
        Assert.Equal("Several agents have the name 'Ada': 'twin-1', 'twin-2'. Say by the id which one is meant.", (string?)body["detail"]);
        (status, body) = await SendAsync("POST", "/v1/agents/twin/budget", """{"hard_limit_cents":5}""");
        Assert.Equal(409, status);
        Assert.Equal(
            "The ids of several agents begin with 'twin': 'twin-1', 'twin-2', 'twin-3', 'twin-4', 'twin-5', and others. Give more of the one that is meant.",
            (string?)body["detail"]);
        Assert.Equal(7, (await _sidecar.Engine.ListAgentsAsync()).Count);
    }

    [Fact]
    public async Task Group_GoesByItsName_AndOneThatIsNotKnownIsMadeAllTheSame()
    {
        await SendAsync("PUT", "/v1/groups/team-red", """{"name":"Red/1"}""");
        await MakeAsync("a1", null);

        Assert.Equal("team-red", (string?)(await SendAsync("GET", "/v1/groups/Red%2F1")).Body["group_id"]);
        Assert.Equal("team-red", (string?)(await SendAsync("PATCH", "/v1/agents/a1", """{"under":"Red/1"}""")).Body["under"]);
        Assert.Equal(200, (await SendAsync("PUT", "/v1/groups/Red%2F1/limits/month", """{"amount_cents":5}""")).Status);
        Assert.Single((await SendAsync("GET", "/v1/groups/team/limits")).Body["limits"]!.AsArray());

        // The beginning of another's id, and for the group itself its name, is the id of a new one.
        Assert.Equal(200, (await SendAsync("PUT", "/v1/groups/team/limits/day", """{"amount_cents":5}""")).Status);
        Assert.Equal(200, (await SendAsync("PUT", "/v1/groups/Red", "{}")).Status);
        Assert.Equal(["Red", "team", "team-red"], (await SendAsync("GET", "/v1/groups")).Body["groups"]!.AsArray().Select(group => (string)group!["group_id"]!));
    }

    [Fact]
    public async Task Alerts_OfANode_AreFoundByItsName_AndOfNoneRefused()
    {
        await MakeAsync("a1", "Ada");
        await SendAsync("POST", "/v1/agents/a1/pause", "{}");

        Assert.Single((await SendAsync("GET", "/v1/alerts?node=Ada")).Body["alerts"]!.AsArray());
        var (status, body) = await SendAsync("GET", "/v1/alerts?node=Adda");
        Assert.Equal((404, "node_not_found"), (status, (string?)body["code"]));
    }

    /// <summary>A call goes by an id, whatever else an agent is called.</summary>
    [Fact]
    public async Task Call_GoesByTheId_AndByNothingElse()
    {
        await MakeAsync("crawler-one", "Ada");
        await _sidecar.Engine.SetBudgetAsync("crawler-one", Money.FromCents(100));

        foreach (var text in (string[])["Ada", "crawler"])
        {
            Assert.Equal(404, (await _sidecar.AskAsync("/v1/chat/completions", text, Ask)).Status);
            Assert.Equal(404, (await _sidecar.AskAsync($"/v1/agents/{text}/runs/r/openai/chat/completions", agent: null, Ask)).Status);
        }

        Assert.Equal(Money.Zero, (await _sidecar.Engine.FindBudgetAsync("crawler-one"))!.Spent);
        Assert.Equal(200, (await _sidecar.AskAsync("/v1/chat/completions", "crawler-one", Ask)).Status);
    }

    /// <summary>An agent's own key finds that agent by its name, whoever else has it, and is told nothing of them.</summary>
    [Fact]
    public async Task OwnKey_FindsItsAgentAlone()
    {
        await MakeAsync("crawler-1", "Ada");
        await MakeAsync("crawler-2", "Ada");
        await MakeAsync("secret-3", "Grace");
        var key = (string)(await SendAsync("POST", "/v1/agents/crawler-1/keys", "{}")).Body["api_key"]!;

        foreach (var text in (string[])["crawler-1", "Ada", "craw"])
        {
            var (status, body) = await SendAsync("GET", "/v1/agents/" + text, key: key);
            Assert.Equal((200, "crawler-1"), (status, (string?)body["agent_id"]));
        }

        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in (string[])["crawler-2", "Grace", "secr", "nobody"])
        {
            var (status, body) = await SendAsync("GET", "/v1/agents/" + text, key: key);
            Assert.Equal(403, status);
            answers.Add(body.ToJsonString());
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task UniqueName_ThatIsTaken_IsRefusedWithWhoHasIt_AndWithoutItMadeAgain()
    {
        await MakeAsync("a1", "Ada");

        var (status, body) = await SendAsync("POST", "/v1/agents", """{"name":"Ada","unique_name":true}""");
        Assert.Equal((409, "name_taken"), (status, (string?)body["code"]));
        Assert.Equal("The name 'Ada' is taken: agent 'a1' has it. Use another name, or that agent.", (string?)body["detail"]);
        Assert.Equal(200, (await SendAsync("POST", "/v1/agents", """{"name":"Ada"}""")).Status);
        await MakeAsync("b1", "Grace");
        Assert.Equal(409, (await SendAsync("PATCH", "/v1/agents/b1", """{"name":"Ada","unique_name":true}""")).Status);
        Assert.Equal(200, (await SendAsync("PATCH", "/v1/agents/b1", """{"name":"Ada"}""")).Status);
        await SendAsync("PUT", "/v1/groups/g1", """{"name":"Ada","unique_name":true}""");
        Assert.Equal(409, (await SendAsync("PUT", "/v1/groups/g2", """{"name":"Ada","unique_name":true}""")).Status);
    }

    private async Task MakeAsync(string id, string? name) =>
        Assert.Equal(200, (await SendAsync("POST", "/v1/agents", new JsonObject { ["agent_id"] = id, ["name"] = name }.ToJsonString())).Status);

    private async Task<string?> FoundAsync(string text) => await SendAsync("GET", "/v1/agents/" + Uri.EscapeDataString(text)) is (200, var agent) ? (string?)agent["agent_id"] : null;

    private async Task<(int Status, JsonNode Body)> SendAsync(string method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : SidecarFixture.Body(body);
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using var response = await _sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
