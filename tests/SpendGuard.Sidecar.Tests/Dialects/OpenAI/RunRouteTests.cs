using System.Net;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>The routes that name agent and run.</summary>
public sealed class RunRouteTests : IAsyncLifetime
{
    private const string Run = "run-7";
    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    public static TheoryData<string, string> Routes => new()
    {
        { "openai/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":50}""" },
        { "openai/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":50}""" },
        { "grok/chat/completions", """{"model":"grok-4.6","messages":[{"role":"user","content":"Hi"}],"max_tokens":50}""" },
        { "grok/responses", """{"model":"grok-4.6","input":"Hi","max_output_tokens":50}""" },
    };

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync([new ProviderPrice("grok-4.6", 200, 600) { CachedInput = 50 }]);
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Call_IsAnsweredByTheProvider(string route, string body)
    {
        BudgetView? during = null;
        _sidecar.Provider.OnArrival = async _ => during = await _sidecar.BudgetAsync(_agent);
        using var response = await _sidecar.PostAsync(Path(route), agent: "someone-else", body);
        var answer = await SidecarFixture.JsonAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(answer.TryGetProperty("usage", out _));
        Assert.Equal(Run, during!.LockedRunId);
        Assert.Equal(50, _sidecar.Provider.Calls.Single().MaxOutputTokens);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Stream_IsTheProvidersOwn(string route, string body)
    {
        using var response = await _sidecar.PostAsync(Path(route), agent: null, body[..^1] + ",\"stream\":true}");
        var events = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("data: {", events, StringComparison.Ordinal);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(429, false)]
    [InlineData(503, true)]
    public async Task ProviderFails_Is502WithItsMessage(int status, bool stream)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { FailWithStatus = status, RetryAfter = TimeSpan.FromSeconds(7) };
        var ask = $$"""{"model":"gpt-4o","input":"Hi","stream":{{(stream ? "true" : "false")}}}""";
        using var response = await _sidecar.PostAsync(Path("openai/responses"), agent: null, ask);
        var answer = await SidecarFixture.JsonAsync(response);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal($"The simulated provider was told to answer {status}.", answer.GetProperty("detail").GetString());
        Assert.Equal(answer.GetProperty("detail").GetString(), answer.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(status < 500 ? 0 : held.Single(), (await _sidecar.EndedAsync(_agent)).Spent);
        Assert.Equal(0, _sidecar.Provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task ProviderAnswersNonsense_Is502()
    {
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = 418;
            return context.Response.Body.WriteAsync("<html>"u8.ToArray()).AsTask();
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(
            $"/v1/agents/{agent}/runs/r/openai/responses", agent: null, """{"model":"gpt-4o","input":"Hi"}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("The provider answered 418 without a readable body.", (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString());
        Assert.Equal(0, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Theory]
    [InlineData(402, "Insufficient budget", "gpt-4o", 1)]
    [InlineData(400, "Unknown model for pricing: openai:gpt-0", "gpt-0", 100)]
    public async Task Refusals_AreAsEverywhere(int status, string detail, string model, long cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        var prompt = string.Concat(Enumerable.Repeat("word ", 20_000));
        using var response = await _sidecar.PostAsync(
            $"/v1/agents/{agent}/runs/{Run}/openai/responses", agent: null, $$"""{"model":"{{model}}","input":"{{prompt}}"}""");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith(detail, (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task AgentIsUnknown_Is404()
    {
        using var response = await _sidecar.PostAsync(
            "/v1/agents/nobody/runs/r/openai/responses", agent: null, """{"model":"gpt-4o","input":"Hi"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("Budget not found", (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString());
        Assert.Empty(_sidecar.Provider.Calls);
    }

    private string Path(string route) => $"/v1/agents/{_agent}/runs/{Run}/{route}";
}
