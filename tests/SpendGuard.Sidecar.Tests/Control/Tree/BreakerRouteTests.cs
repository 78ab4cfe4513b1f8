using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>The breaker of identical calls, from its route to the call that it refuses.</summary>
public sealed class BreakerRouteTests : IAsyncLifetime
{
    private const string Run = "x-spendguard-run-id";

    private static readonly (string Path, string Body)[] Dialects =
    [
        (Team.Chat, """{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}"""),
        ("/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":100}"""),
        ("/v1/messages", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}"""),
        ("/v1beta/models/gemini-2.5-flash:generateContent", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}"""),
    ];

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartOnAsync(new InMemoryBudgetStore(), TimeProvider.System);
        await _sidecar.GroupAsync("acme");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Breaker_IsSetShownAndRemoved()
    {
        await _sidecar.MemberAsync("ann", "acme");
        foreach (var node in (string[])["groups/acme", "agents/ann"])
        {
            Assert.Null((int?)(await _sidecar.GetAsync($"/v1/{node}/limits")).Body["identical_calls"]);
            Assert.Equal(5, (int?)(await _sidecar.SendAsync(HttpMethod.Put, $"/v1/{node}/breaker", """{"identical_calls":5}""")).Body["identical_calls"]);
            Assert.Equal(5, (int?)(await _sidecar.GetAsync($"/v1/{node}/limits")).Body["identical_calls"]);
        }

        Assert.Equal([5, 5], (await _sidecar.GetAsync("/v1/agents/ann/path")).Body["nodes"]!.AsArray().Select(node => (int?)node!["identical_calls"]));
        var removed = await _sidecar.SendAsync(HttpMethod.Delete, "/v1/agents/ann/breaker");
        Assert.Equal(200, removed.Status);
        Assert.Null((int?)removed.Body["identical_calls"]);
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Delete, "/v1/agents/ann/breaker")).Status);
        Assert.Equal([null, 5], (await _sidecar.GetAsync("/v1/agents/ann/path")).Body["nodes"]!.AsArray().Select(node => (int?)node!["identical_calls"]));
        Assert.Equal(200, (await _sidecar.SendAsync(HttpMethod.Put, "/v1/groups/new/breaker", """{"identical_calls":2}""")).Status);
        Assert.Equal(200, (await _sidecar.GetAsync("/v1/groups/new")).Status);
    }

    [Theory]
    [InlineData("agents/nobody", """{"identical_calls":5}""", 404)]
    [InlineData("groups/ann", """{"identical_calls":5}""", 404)]
    [InlineData("groups/acme", """{"identical_calls":1}""", 400)]
    [InlineData("groups/acme", """{"identical_calls":"5"}""", 400)]
    [InlineData("groups/acme", "{}", 400)]
    public async Task WhatCannotBe_IsRefused(string node, string body, int status)
    {
        await _sidecar.MemberAsync("ann", "acme");

        Assert.Equal(status, (await _sidecar.SendAsync(HttpMethod.Put, $"/v1/{node}/breaker", body)).Status);
        if (status == 404)
        {
            Assert.Equal(404, (await _sidecar.SendAsync(HttpMethod.Delete, $"/v1/{node}/breaker")).Status);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SameCallAgainAndAgain_IsRefusedAtTheNth_AndTheProviderNeverSeesThat(int dialect)
    {
        var (path, body) = Dialects[dialect];
        var agent = await _sidecar.AgentAsync();
        await _sidecar.SendAsync(HttpMethod.Put, $"/v1/agents/{agent}/breaker", """{"identical_calls":4}""");
        for (var call = 1; call < 4; call++)
        {
            Assert.Equal(200, (await _sidecar.AskAsync(path, agent, body, (Run, "nightly-7"))).Status);
        }

        var refused = await _sidecar.AskAsync(path, agent, body, (Run, "nightly-7"));

        Assert.Equal(403, refused.Status);
        Assert.Contains("paused by breaker", refused.Text, StringComparison.Ordinal);
        Assert.Contains("4 identical calls in a row in run nightly-7", refused.Text, StringComparison.Ordinal);
        Assert.Equal(403, (await _sidecar.AskAsync(path, agent, body)).Status);
        Assert.Equal(3, _sidecar.Provider.Calls.Count);
        var ledger = (await _sidecar.GetAsync($"/v1/agents/{agent}/ledger")).Body["entries"]!.AsArray();
        Assert.Equal(["breaker_set", "paused"], ledger.Select(entry => (string)entry!["kind"]!).Where(kind => kind is "breaker_set" or "paused"));
    }

    [Fact]
    public async Task OtherCalls_AndCallsWithoutARun_GoOn()
    {
        var agent = await _sidecar.AgentAsync();
        await _sidecar.SendAsync(HttpMethod.Put, $"/v1/agents/{agent}/breaker", """{"identical_calls":2}""");
        for (var call = 0; call < 4; call++)
        {
            var body = $$"""{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"page {{call}}"}]}""";
            Assert.Equal(200, (await _sidecar.AskAsync(Team.Chat, agent, body, (Run, "nightly-7"))).Status);
            Assert.Equal(200, (await _sidecar.ChatAsync(agent)).Status);
        }
    }
}
