using System.Net;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>On control routes an agent or a group goes by its id, its name, or the beginning of its id; where a call is charged, by its id alone.</summary>
public sealed class NameRouteTests : IAsyncLifetime
{
    /// <summary>An id as they are generated: of these alone the beginning will do.</summary>
    private const string Crawler = "c0ffee00-0000-4000-8000-000000000001";

    private const string Ask = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData(Crawler)]
    [InlineData("The crawler")]
    [InlineData("c0ff")]
    public async Task EveryControlRoute_FindsTheAgent_AndAnswersWithItsId(string text)
    {
        await MakeAsync(Crawler, "The crawler");
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
            Assert.Equal(Crawler, (string?)answer["agent_id"] ?? Crawler);
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

    /// <summary>The beginning of an id of one's own may be another such id, which was deleted, or is mistyped, or is to be made yet.</summary>
    [Fact]
    public async Task IdOfOnesOwn_DoesNotGoByItsBeginning_OnAnyControlRoute()
    {
        await MakeAsync("cust-12", null);
        await SendAsync("PUT", "/v1/groups/customers-eu", "{}");

        foreach (var (method, route, body) in ((string, string, string?)[])
            [
                ("DELETE", "/v1/agents/cust-1", null), ("POST", "/v1/agents/cust-1/keys", "{}"), ("POST", "/v1/agents/cust-1/budget", """{"hard_limit_cents":5000}"""),
                ("POST", "/v1/agents/cust-1/pause", "{}"), ("PATCH", "/v1/agents/cust-1", """{"name":"x"}"""), ("GET", "/v1/agents/cust-1", null),
                ("POST", "/v1/agents", """{"agent_id":"new","under":"customers"}"""), ("PATCH", "/v1/agents/cust-12", """{"under":"customers"}"""),
                ("PUT", "/v1/groups/sub", """{"under":"customers"}"""), ("DELETE", "/v1/groups/customers", null), ("POST", "/v1/groups/customers/pause", "{}"),
            ])
        {
            var (status, answer) = await SendAsync(method, route, body);
            Assert.True(status == 404, $"{method} {route}: {status} {answer}");
        }

        Assert.Equal("cust-12", await FoundAsync("cust-12"));
    }

    /// <summary>The id first, also that of an agent that was deleted; then the name, and the beginning of an id.</summary>
    [Fact]
    public async Task Id_GoesBeforeTheName_AndANameThatIsABeginningToo_IsRefused()
    {
        await MakeAsync("nightly", "report");
        await MakeAsync("other", "nightly");
        await MakeAsync(Crawler, null);
        await MakeAsync("nightly-2", null);

        Assert.Equal("nightly", await FoundAsync("nightly"));
        Assert.Equal("nightly", await FoundAsync("report"));
        Assert.Equal(Crawler, await FoundAsync("c0ff"));
        Assert.Null(await FoundAsync("c0f"));
        Assert.Equal(200, (await SendAsync("DELETE", "/v1/agents/nightly")).Status);
        Assert.Equal(404, (await SendAsync("DELETE", "/v1/agents/nightly")).Status);
        Assert.Equal("other", await FoundAsync("other"));
        await MakeAsync("thief", "c0ffee00");
        var (status, body) = await SendAsync("GET", "/v1/agents/c0ffee00");
        Assert.Equal((409, "ambiguous"), (status, (string?)body["code"]));
        Assert.Equal($"Several agents may be meant by 'c0ffee00', as a name and as the beginning of an id: 'thief', '{Crawler}'. Say by the whole id which one.", (string?)body["detail"]);
    }

    [Fact]
    public async Task SeveralMayBeMeant_IsRefused_WithTheirIds()
    {
        foreach (var number in Enumerable.Range(1, 7))
        {
            await MakeAsync(Twin(number), number < 3 ? "Ada" : null);
        }

        var (status, body) = await SendAsync("DELETE", "/v1/agents/Ada");
        Assert.Equal((409, "ambiguous"), (status, (string?)body["code"]));
        Assert.Equal($"Several agents have the name 'Ada': '{Twin(1)}', '{Twin(2)}'. Say by the id which one is meant.", (string?)body["detail"]);
        (status, body) = await SendAsync("POST", "/v1/agents/7a1b/budget", """{"hard_limit_cents":5}""");
        Assert.Equal(409, status);
        Assert.Equal(
            $"The ids of several agents begin with '7a1b': '{Twin(1)}', '{Twin(2)}', '{Twin(3)}', '{Twin(4)}', '{Twin(5)}', and others. Give more of the one that is meant.",
            (string?)body["detail"]);
        Assert.Equal(7, (await _sidecar.Engine.ListAgentsAsync()).Count);

        static string Twin(int number) => $"7a1b0000-0000-4000-8000-00000000000{number}";
    }

    /// <summary>Where ids of one's own are so many that not all are read, nobody can tell that a generated one is the only one that is meant.</summary>
    [Fact]
    public async Task ManyIdsOfOnesOwn_WithOneBeginning_DoNotMakeTheOnlyOtherTheOneThatIsMeant()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await MakeAsync($"c0ff-{number}", null);
        }

        await MakeAsync(Crawler, null);

        Assert.Equal(409, (await SendAsync("DELETE", "/v1/agents/c0ff")).Status);
        Assert.Equal(Crawler, await FoundAsync("c0ffe"));
    }

    [Fact]
    public async Task Group_GoesByItsName_AndOneThatIsNotKnownIsMadeAllTheSame()
    {
        await SendAsync("PUT", "/v1/groups/team-red", """{"name":"Red/1"}""");
        await MakeAsync("a1", null);

        Assert.Equal("team-red", (string?)(await SendAsync("GET", "/v1/groups/Red%2F1")).Body["group_id"]);
        Assert.Equal("team-red", (string?)(await SendAsync("PATCH", "/v1/agents/a1", """{"under":"Red/1"}""")).Body["under"]);
        Assert.Equal(200, (await SendAsync("PUT", "/v1/groups/Red%2F1/limits/month", """{"amount_cents":5}""")).Status);
        Assert.Single((await SendAsync("GET", "/v1/groups/Red%2F1/limits")).Body["limits"]!.AsArray());

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
        const string other = "c0ffee00-0000-4000-8000-000000000002";
        const string secret = "5ec2e700-0000-4000-8000-000000000003";
        await MakeAsync(Crawler, "Ada");
        await MakeAsync(other, "Ada");
        await MakeAsync(secret, "Grace");
        var key = (string)(await SendAsync("POST", $"/v1/agents/{Crawler}/keys", "{}")).Body["api_key"]!;

        foreach (var text in (string[])[Crawler, "Ada", "c0ff"])
        {
            var (status, body) = await SendAsync("GET", "/v1/agents/" + text, key: key);
            Assert.Equal((200, Crawler), (status, (string?)body["agent_id"]));
        }

        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in (string[])[other, "Grace", "5ec2", "nobody"])
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
        (status, body) = await SendAsync("POST", "/v1/agents", """{"agent_id":"Ada","name":"other","unique_name":true}""");
        Assert.Equal((409, "name_taken"), (status, (string?)body["code"]));
        Assert.Equal(200, (await SendAsync("POST", "/v1/agents", """{"agent_id":"self","name":"self","unique_name":true}""")).Status);
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
