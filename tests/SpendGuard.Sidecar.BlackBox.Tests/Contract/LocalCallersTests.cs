namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>A sidecar that pages of one origin may call.</summary>
public sealed class SidecarWithPages : Sidecar
{
    protected override IReadOnlyDictionary<string, string> Changes { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["CAP_ALLOWED_ORIGINS"] = "http://app.example, https://other.example:8443" };
}

/// <summary>Who may call: programs on this machine, and pages of the origins that are set.</summary>
public sealed class LocalCallersTests(SidecarWithPages sidecar) : IClassFixture<SidecarWithPages>
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8787")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("localhost.")]
    public async Task OtherHost_IsRefusedOnEveryRoute(string host)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        foreach (var path in (string[])["/health", "/v1/agents", $"/v1/agents/{agent}/budget", "/v1/models"])
        {
            var answer = await sidecar.SendAsync(Sidecar.Request(HttpMethod.Get, path, null, ("Host", host)));
            Assert.Equal(400, answer.Status);
            Assert.Contains("Host", answer.Detail, StringComparison.Ordinal);
        }

        var request = Sidecar.CallRequest(Route.OpenAIChat, agent);
        request.Headers.Host = host;
        Assert.Equal(400, (await sidecar.SendAsync(request)).Status);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8787")]
    public async Task NamesOfThisMachine_AreTaken(string host) =>
        Assert.Equal(200, (await sidecar.SendAsync(Sidecar.Request(HttpMethod.Get, "/health", null, ("Host", host)))).Status);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://app.example:81")]
    [InlineData("https://app.example")]
    public async Task OtherOrigin_IsRefused(string origin)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var request = Sidecar.CallRequest(Route.OpenAIChat, agent);
        request.Headers.Add("Origin", origin);
        var answer = await sidecar.SendAsync(request);
        Assert.Equal(403, answer.Status);
        Assert.Contains("CAP_ALLOWED_ORIGINS", answer.Detail, StringComparison.Ordinal);
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal(403, (await PreflightAsync(origin)).Status);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("http://app.example")]
    [InlineData("https://other.example:8443")]
    public async Task AllowedOrigin_PreflightAndCall(string origin)
    {
        var preflight = await PreflightAsync(origin);
        Assert.InRange(preflight.Status, 200, 204);
        Assert.Equal(origin, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("x-cynsta-agent-id", preflight.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));

        var agent = await sidecar.AgentAsync(cents: 100);
        var request = Sidecar.CallRequest(Route.OpenAIChat, agent);
        request.Headers.Add("Origin", origin);
        var answer = await sidecar.SendAsync(request);
        Assert.Equal((200, origin), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
        Assert.Contains("x-spendguard-charged-microcents", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.DoesNotContain("Origin", sidecar.Sent(agent).Headers.Keys);
        await sidecar.AssertPaidAsBilledAsync(agent);

        // A page has to be able to read why it was refused.
        request = Sidecar.CallRequest(Route.OpenAIChat.Of("no-such-model"), agent);
        request.Headers.Add("Origin", origin);
        answer = await sidecar.SendAsync(request);
        Assert.Equal((400, origin), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
    }

    private Task<Answer> PreflightAsync(string origin) => sidecar.SendAsync(Sidecar.Request(
        HttpMethod.Options, Route.OpenAIChat.Path, null,
        ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,x-cynsta-agent-id")));
}
