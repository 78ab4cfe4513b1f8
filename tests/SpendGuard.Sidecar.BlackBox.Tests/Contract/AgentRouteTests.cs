namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>The routes that create, name, list and delete agents, and start their runs.</summary>
public sealed class AgentRouteTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    [Fact]
    public async Task Health_Answers()
    {
        var answer = await sidecar.GetAsync("/health");
        Assert.Equal((200, """{"status":"ok"}"""), (answer.Status, answer.Text));
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"name":null}""", null)]
    [InlineData("""{"name":"Ada"}""", "Ada")]
    [InlineData("""{"name":"  Ada 🚀  "}""", "Ada 🚀")]
    public async Task Create_AnswersWithAnId(string body, string? name)
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var agent = (await sidecar.PostAsync("/v1/agents", body)).Has("agent_id").String("agent_id");
        Assert.True(Guid.TryParseExact(agent, "D", out _), agent);

        var found = (await sidecar.GetAsync($"/v1/agents/{agent}")).Has("agent_id", "name", "created_at", "under", "paused", "paused_above");
        Assert.Equal((agent, name), (found.String("agent_id"), found.Json["name"]?.GetValue<string>()));
        var createdAt = DateTimeOffset.Parse(found.String("created_at"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(createdAt, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.EndsWith("+00:00", found.String("created_at"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithoutABody_IsTaken() =>
        (await sidecar.SendAsync(Sidecar.Request(HttpMethod.Post, "/v1/agents", null))).Has("agent_id");

    [Fact]
    public async Task List_NamesAllAgents_OldestFirst()
    {
        string[] mine = [await sidecar.AgentAsync(), await sidecar.AgentAsync(), await sidecar.AgentAsync()];
        var list = (await sidecar.GetAsync("/v1/agents")).Has("agents").Json["agents"]!.AsArray();
        Assert.All(list, agent => agent.HasFields("agent_id", "name", "created_at", "under", "paused", "paused_above"));
        var ids = list.Select(agent => agent!["agent_id"]!.GetValue<string>()).ToList();
        Assert.Equal(mine, ids.Where(mine.Contains));
        var dates = list.Select(agent => agent!["created_at"]!.GetValue<string>()).ToList();
        Assert.Equal(dates.Order(StringComparer.Ordinal), dates);
    }

    [Fact]
    public async Task Rename_TrimsTheName_AndAnswersWithTheAgent()
    {
        var agent = await sidecar.AgentAsync();
        var renamed = (await sidecar.PatchAsync($"/v1/agents/{agent}", """{"name":"  Grace  "}""")).Has("agent_id", "name", "created_at", "under", "paused", "paused_above");
        Assert.Equal((agent, "Grace"), (renamed.String("agent_id"), renamed.String("name")));
        Assert.Equal(renamed.Text, (await sidecar.GetAsync($"/v1/agents/{agent}")).Text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":" \t "}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":["Ada"]}""")]
    [InlineData("""{"name":"a\u0000b"}""")]
    public async Task Rename_NoName_IsRefused(string body)
    {
        var agent = await sidecar.AgentAsync();
        var answer = await sidecar.PatchAsync($"/v1/agents/{agent}", body);
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Detail);
        Assert.Null((await sidecar.GetAsync($"/v1/agents/{agent}")).Json["name"]);
    }

    [Fact]
    public async Task Delete_TheAgentIsGone_AndItsBudgetPaysForNothing()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var deleted = (await sidecar.DeleteAsync($"/v1/agents/{agent}")).Has("agent_id", "deleted");
        Assert.Equal((agent, true), (deleted.String("agent_id"), deleted.Json["deleted"]!.GetValue<bool>()));

        (await sidecar.GetAsync($"/v1/agents/{agent}")).Refuses(404, "Agent not found");
        (await sidecar.BudgetAsync(agent)).Refuses(404, "Budget not found");
        (await sidecar.DeleteAsync($"/v1/agents/{agent}")).Refuses(404, "Agent not found");
        (await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":100}""")).Refuses(404, "Agent not found");
        Assert.DoesNotContain(agent, (await sidecar.GetAsync("/v1/agents")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
        Assert.Empty(sidecar.CallsOf(agent));
    }

    [Fact]
    public async Task Run_HasAnIdOfItsOwn()
    {
        var agent = await sidecar.AgentAsync();
        var one = (await sidecar.PostAsync($"/v1/agents/{agent}/runs", "{}")).Has("run_id").String("run_id");
        var two = (await sidecar.PostAsync($"/v1/agents/{agent}/runs", "{}")).Has("run_id").String("run_id");
        Assert.True(Guid.TryParseExact(one, "D", out _), one);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task UnknownAgent_IsNotFound()
    {
        var nobody = $"/v1/agents/{Guid.NewGuid()}";
        (await sidecar.GetAsync(nobody)).Refuses(404, "Agent not found");
        (await sidecar.PatchAsync(nobody, """{"name":"Ada"}""")).Refuses(404, "Agent not found");
        (await sidecar.DeleteAsync(nobody)).Refuses(404, "Agent not found");
        (await sidecar.PostAsync($"{nobody}/runs", "{}")).Refuses(404, "Agent not found");
        (await sidecar.PostAsync($"{nobody}/budget", """{"hard_limit_cents":100}""")).Refuses(404, "Agent not found");
        (await sidecar.GetAsync($"{nobody}/budget")).Refuses(404, "Budget not found");
    }
}
