
namespace SpendGuard.Sidecar.Tests.Control;

public sealed class CreateOnceTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task SameKey_ManyTimesAtOnce_MakesOneAgent()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CreateAsync("researcher", "key"))));

        Assert.Single(all.Distinct());
        Assert.Single(await _sidecar.Engine.ListAgentsAsync());
        Assert.Equal('8', all[0].Id![14]);
    }

    [Fact]
    public async Task OtherKeys_MakeOtherAgents() =>
        Assert.NotEqual(await CreateAsync("researcher", "one"), await CreateAsync("researcher", "two"));

    [Fact]
    public async Task SameKey_WithAnotherName_IsAConflict()
    {
        await CreateAsync("researcher", "key");

        Assert.Equal((409, null), await CreateAsync("writer", "key"));
    }

    [Fact]
    public async Task KeyOfADeletedAgent_IsAConflict()
    {
        var (_, agent) = await CreateAsync("researcher", "key");
        await _sidecar.Engine.DeleteAgentAsync(new AgentId(agent!));

        Assert.Equal((409, null), await CreateAsync("researcher", "key"));
    }

    /// <summary>As in process: an id of the caller's own, which is given out once.</summary>
    [Fact]
    public async Task IdOfTheCallersOwn_IsTheAgents()
    {
        var made = await _sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"nightly","name":"report"}""");
        var again = await _sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"nightly"}""");

        Assert.Equal((200, "nightly"), (made.Status, (string?)made.Body["agent_id"]));
        Assert.Equal("report", (await _sidecar.Engine.FindAgentAsync("nightly"))!.Name);
        Assert.Equal(409, again.Status);
        Assert.StartsWith("Agent 'nightly' exists already", (string?)again.Body["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdOfTheCallersOwn_UnderOneKey_IsMadeOnce()
    {
        (string, string) key = ("Idempotency-Key", "key");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var made = await _sidecar.AskAsync("/v1/agents", agent: null, """{"agent_id":"nightly"}""", key);
            Assert.Equal((200, "nightly"), (made.Status, (string?)made.Body["agent_id"]));
        }

        Assert.Single(await _sidecar.Engine.ListAgentsAsync());
    }

    [Theory]
    [InlineData("""{"agent_id":""}""")]
    [InlineData("""{"agent_id":"a\u0000b"}""")]
    [InlineData("""{"agent_id":"x/y"}""")]
    [InlineData("""{"agent_id":".."}""")]
    [InlineData("""{"agent_id":7}""")]
    public async Task IdThatIsNone_IsRefused(string body)
    {
        Assert.Equal(400, (await _sidecar.AskAsync("/v1/agents", agent: null, body)).Status);
        Assert.Empty(await _sidecar.Engine.ListAgentsAsync());
    }

    private async Task<(int Status, string? Id)> CreateAsync(string name, string key)
    {
        using var answer = await _sidecar.PostAsync("/v1/agents", agent: null, $$"""{"name":"{{name}}"}""", headers: ("Idempotency-Key", key));
        var body = await SidecarFixture.JsonAsync(answer);
        return ((int)answer.StatusCode, body.TryGetProperty("agent_id", out var id) ? id.GetString() : Assert.Single(body.EnumerateObject()).Name == "detail" ? null : "?");
    }
}
