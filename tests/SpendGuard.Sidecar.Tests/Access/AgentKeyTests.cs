using System.Net;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>An agent's key on one machine: it is the agent, and all that a client needs.</summary>
public sealed class AgentKeyTests : IAsyncLifetime
{
    private const string Chat = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("x-api-key", "{0}", "")]
    [InlineData("Authorization", "Bearer {0}", "")]
    [InlineData("authorization", "bearer {0}", "")]
    [InlineData("Authorization", "{0}", "")]
    [InlineData("x-goog-api-key", "{0}", "")]
    [InlineData("api-key", "{0}", "")]
    [InlineData("x-unrelated", "1", "?key={0}")]
    public async Task Key_IsItsAgent_WhereverTheSdkPutsIt(string header, string form, string query)
    {
        var (agent, key) = await AgentWithKeyAsync();
        var sent = "";
        _sidecar.Provider.OnArrival = request =>
        {
            sent = request.Path + request.Query + string.Join('\n', request.Headers);
            return Task.CompletedTask;
        };

        var (status, body) = await SendAsync(
            HttpMethod.Post, "/v1/chat/completions" + string.Format(query, key), Chat, (header, string.Format(form, key)));

        Assert.True(status == 200, body);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(agent) > 0);
        Assert.Contains(SidecarFixture.OpenAIKey, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(key, sent, StringComparison.Ordinal);
    }

    /// <summary>Where an SDK wants a key it is sent something; that something is not looked at.</summary>
    [Fact]
    public async Task FillerBesideTheKey_IsNotLookedAt()
    {
        var (agent, key) = await AgentWithKeyAsync();

        var (status, body) = await SendAsync(
            HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", "dummy"), ("Authorization", "Bearer " + key), ("x-goog-api-key", key));

        Assert.True(status == 200, body);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(agent) > 0);
    }

    [Theory]
    [InlineData("x-cynsta-agent-id", true)]
    [InlineData("x-spendguard-agent-id", true)]
    [InlineData("x-cynsta-agent-id", false)]
    [InlineData("x-spendguard-agent-id", false)]
    public async Task HeaderBesideTheKey_MayOnlyRepeatIt(string header, bool repeats)
    {
        var (agent, key) = await AgentWithKeyAsync();
        var other = await _sidecar.AgentAsync();

        var (status, body) = await SendAsync(
            HttpMethod.Post, "/v1/chat/completions", Chat, ("Authorization", "Bearer " + key), (header, repeats ? agent : other));

        Assert.True(status == (repeats ? 200 : 403), body);
        Assert.Equal(0, await _sidecar.SpentAsync(other));
        Assert.Equal(repeats, await _sidecar.SpentAsync(agent) > 0);
    }

    /// <summary>Each of the two headers counts, also the one that is not looked at for a caller without a key.</summary>
    [Fact]
    public async Task SecondHeader_ThatNamesAnother_IsRefused()
    {
        var (agent, key) = await AgentWithKeyAsync();

        var (status, body) = await SendAsync(
            HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", key), ("x-cynsta-agent-id", agent), ("x-spendguard-agent-id", "another"));

        Assert.Equal(403, status);
        Assert.Contains("for another agent", (string?)JsonNode.Parse(body)!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_WorksOnRoutesThatNameItsAgent_AndOnNoOthers()
    {
        var (agent, key) = await AgentWithKeyAsync();
        var other = await _sidecar.AgentAsync();

        var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/runs/run-1/openai/chat/completions", Chat, ("x-api-key", key));
        Assert.True(status == 200, body);
        Assert.Equal(403, (await SendAsync(HttpMethod.Post, $"/v1/agents/{other}/runs/run-1/openai/chat/completions", Chat, ("x-api-key", key))).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/budget", null, ("x-api-key", key))).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/runs", "{}", ("x-api-key", key))).Status);
        Assert.Equal(403, (await SendAsync(HttpMethod.Get, $"/v1/agents/{other}/budget", null, ("x-api-key", key))).Status);
        Assert.Equal(
            403, (await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/budget", """{"hard_limit_cents":99999}""", ("x-api-key", key))).Status);
        Assert.Equal(403, (await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", "{}", ("x-api-key", key))).Status);
    }

    [Fact]
    public async Task Keys_AreShownOnce_Listed_AndRevoked()
    {
        var agent = await _sidecar.AgentAsync();
        var made = JsonNode.Parse((await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", """{"name":" laptop "}""")).Body)!;
        var (id, key) = ((string)made["key_id"]!, (string)made["api_key"]!);
        Assert.Matches("^sk_spendguard_[A-Za-z0-9]{32}$", key);
        Assert.Equal((agent, "laptop"), ((string)made["agent_id"]!, (string)made["name"]!));

        var (_, listed) = await SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/keys");
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
        Assert.Equal(id, (string)JsonNode.Parse(listed)!["keys"]!.AsArray().Single()!["key_id"]!);

        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}/keys/nothing")).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", key))).Status);
        var (revoked, body) = await SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}/keys/{id}");
        Assert.Equal(200, revoked);
        Assert.NotNull(JsonNode.Parse(body)!["revoked_at"]);
        Assert.Equal(401, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", key))).Status);
    }

    /// <summary>The header says who calls only as long as there is no key that says otherwise.</summary>
    [Theory]
    [InlineData("sk_spendguard_0123456789012345678901234567890A")]
    [InlineData("sk_spendguard_cut")]
    [InlineData("SK_SPENDGUARD_0123456789012345678901234567890A")]
    [InlineData("sk_cynsta_live_01234567890123456789012345678901")]
    public async Task KeyThatIsNotInForce_OpensNothing_WhateverTheHeaderSays(string key)
    {
        var agent = await _sidecar.AgentAsync();

        var (status, _) = await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("Authorization", "Bearer " + key), ("x-cynsta-agent-id", agent));

        Assert.Equal(401, status);
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task KeyOfAgentThatWasDeleted_OpensNothing()
    {
        var (agent, key) = await AgentWithKeyAsync();
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", key))).Status);

        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}")).Status);

        Assert.Equal(401, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", key))).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", "{}")).Status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "")]
    [InlineData("api-key", "")]
    [InlineData("x-goog-api-key", "")]
    public async Task TwoKeysOfOurs_AreOneTooMany(string header, string scheme)
    {
        var (_, one) = await AgentWithKeyAsync();
        var (_, other) = await AgentWithKeyAsync();

        Assert.Equal(401, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, ("x-api-key", one), (header, scheme + other))).Status);
    }

    /// <summary>Whoever goes by the header had a key that was not looked at, and spent another agent's budget without a word.</summary>
    [Theory]
    [InlineData("Authorization")]
    [InlineData("api-key")]
    public async Task KeyInAPlaceOfOtherClients_IsNoOtherAgents(string place)
    {
        var (_, key) = await AgentWithKeyAsync();
        var other = await _sidecar.AgentAsync();

        Assert.Equal(403, (await SendAsync(HttpMethod.Post, "/v1/chat/completions", Chat, (place, key), ("x-cynsta-agent-id", other))).Status);
        await _sidecar.AssertNothingHappenedAsync(other);
    }

    private async Task<(string Agent, string Key)> AgentWithKeyAsync()
    {
        var agent = await _sidecar.AgentAsync();
        var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", "{}");
        Assert.Equal((int)HttpStatusCode.OK, status);
        return (agent, (string)JsonNode.Parse(body)!["api_key"]!);
    }

    private async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : SidecarFixture.Body(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
