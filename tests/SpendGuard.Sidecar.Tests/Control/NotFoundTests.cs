using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>What names no agent, or one without a budget: <c>detail</c> is fixed, and the whole sentence stands beside it, with a code that tells them apart.</summary>
public sealed class NotFoundTests
{
    private const string Ask = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""";

    [Theory]
    [InlineData("GET", "", "Agent not found")]
    [InlineData("DELETE", "", "Agent not found")]
    [InlineData("PATCH", "", "Agent not found")]
    [InlineData("POST", "/runs", "Agent not found")]
    [InlineData("POST", "/budget", "Agent not found")]
    [InlineData("POST", "/dry-run", "Agent not found")]
    [InlineData("GET", "/ledger", "Agent not found")]
    [InlineData("GET", "/budget", "Budget not found")]
    public async Task NobodyGoesByIt_IsToldOnControlRoutes(string method, string route, string detail)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        await sidecar.AskAsync("/v1/agents", agent: null, """{"name":"researcher"}""");

        var (status, body) = await SendAsync(sidecar, method, "/v1/agents/resercher" + route, """{"hard_limit_cents":5,"name":"x"}""");

        Assert.Equal((404, detail, "agent_not_found"), (status, (string?)body["detail"], (string?)body["code"]));
        Assert.StartsWith(detail + ": there is no agent with the id or the name 'resercher'", (string?)body["message"], StringComparison.Ordinal);
        Assert.Contains("spendguard agent list", (string?)body["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/agents/team-red", "Agent not found: 'team-red' is a group, and not an agent.")]
    [InlineData("GET", "/v1/agents/Red/budget", "Budget not found: 'Red' is a group, and not an agent.")]
    [InlineData("GET", "/v1/groups/nightly", "Group not found: 'nightly' is an agent, and not a group.")]
    [InlineData("DELETE", "/v1/groups/c0ff", "Group not found: 'c0ff' is an agent, and not a group.")]
    public async Task OneOfTheOtherKind_IsTold(string method, string path, string sentence)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        await SendAsync(sidecar, "PUT", "/v1/groups/team-red", """{"name":"Red"}""");
        await sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"nightly"}""");
        await sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"c0ffee00-0000-4000-8000-000000000001"}""");

        var (status, body) = await SendAsync(sidecar, method, path, body: null);

        Assert.Equal(404, status);
        Assert.StartsWith(sentence, (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_InPlaceOfTheId_IsToldOnModelCalls()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        await sidecar.AskAsync("/v1/agents", agent: null, """{"name":"researcher"}""");

        var answer = await sidecar.AskAsync("/v1/chat/completions", "researcher", Ask);

        Assert.Equal((404, "Budget not found"), (answer.Status, (string?)answer.Body["detail"]));
        Assert.Contains("no agent with the id 'researcher'", (string?)answer.Body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_OfAnAgentThatHasNone_SaysHowToSetIt()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(budget: null);

        var (status, body) = await SendAsync(sidecar, "GET", $"/v1/agents/{agent}/budget", body: null);

        Assert.Equal((404, "Budget not found", "budget_not_found"), (status, (string?)body["detail"], (string?)body["code"]));
        Assert.Contains($"spendguard budget set --agent {agent}", (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentence_ThatIsAllOfDetail_IsNotSaidTwice()
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        var (status, body) = await SendAsync(sidecar, "POST", "/v1/agents/a/budget", "{}");

        Assert.Equal((400, "'hard_limit_cents' is missing."), (status, (string?)body["detail"]));
        Assert.Null(body["message"]);
    }

    private static async Task<(int Status, JsonNode Body)> SendAsync(SidecarFixture sidecar, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : SidecarFixture.Body(body);
        using var response = await sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
