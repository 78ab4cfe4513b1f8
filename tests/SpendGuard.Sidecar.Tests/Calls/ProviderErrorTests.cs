using System.Globalization;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>Errors of providers: what an overload costs, what a charged error tells SDKs, and what an error tells of its cost.</summary>
public sealed class ProviderErrorTests
{
    private const string Ask = """{"model":"MODEL","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}""";
    private const string AskGemini = """{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";
    private const string AskResponses = """{"model":"gpt-4o","max_output_tokens":100,"input":"hi"}""";
    private const string OpenAIOverload = """{"error":{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Try again later."}}""";
    private const string ServerError = """{"error":{"type":"server_error","message":"Something went wrong."}}""";
    private const string Gemini = "v1beta/models/gemini-2.5-flash:generateContent";

    /// <param name="path">The route.</param>
    /// <param name="model">The model.</param>
    /// <param name="status">The provider's status.</param>
    /// <param name="body">The provider's body.</param>
    [Theory]
    [InlineData("v1/messages", "claude-sonnet-5", 529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [InlineData("v1/chat/completions", "gpt-4o", 503, OpenAIOverload)]
    [InlineData("v1/responses", "gpt-4o", 503, OpenAIOverload)]
    [InlineData("grok/v1/chat/completions", "grok-4.7", 503, """{"code":"unavailable","error":"The model is at capacity."}""")]
    [InlineData(Gemini, "gemini-2.5-flash", 503, """{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""")]
    public async Task Overload_IsFree_PassesUnchangedAndMayBeRetried(string path, string model, int status, string body)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = body, RetryAfter = TimeSpan.FromSeconds(3) };

        var reply = await sidecar.AskAsync(path, agent, BodyFor(path, model));

        Assert.Equal((status, body, "3", 0), (reply.Status, reply.Text, reply.Headers["Retry-After"], reply.ChargedMicrocents));
        Assert.DoesNotContain("x-should-retry", reply.Headers.Keys);
        Assert.Equal(0, await sidecar.SpentAsync(agent));
    }

    [Theory]
    [InlineData("v1/messages", "claude-sonnet-5", 529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [InlineData("v1/chat/completions", "gpt-4o", 503, OpenAIOverload)]
    public async Task Overload_UnderTheHarsherRule_IsChargedAndNotRetried(string path, string model, int status, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_OVERLOAD", "forfeit")]);
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = body };

        await AssertChargedAndNotRetriedAsync(sidecar, agent, await sidecar.AskAsync(path, agent, BodyFor(path, model)), status);
    }

    /// <summary>SDKs retry 408, 409, 429 and all of 5xx by themselves: each retry of a charged one would be charged.</summary>
    [Theory]
    [InlineData("v1/messages", "claude-sonnet-5", 500)]
    [InlineData("v1/messages", "claude-sonnet-5", 529)]
    [InlineData("v1/chat/completions", "gpt-4o", 408)]
    [InlineData("v1/chat/completions", "gpt-4o", 499)]
    [InlineData("v1/chat/completions", "gpt-4o", 500)]
    [InlineData("v1/chat/completions", "gpt-4o", 502)]
    [InlineData("v1/chat/completions", "gpt-4o", 503)]
    [InlineData("v1/responses", "gpt-4o", 504)]
    [InlineData("grok/v1/chat/completions", "grok-4.7", 503)]
    [InlineData(Gemini, "gemini-2.5-flash", 500)]
    public async Task Error_ThatIsCharged_SaysSoAndForbidsRetries(string path, string model, int status)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = ServerError, BillFailures = true };

        await AssertChargedAndNotRetriedAsync(sidecar, agent, await sidecar.AskAsync(path, agent, BodyFor(path, model)), status);
    }

    [Fact]
    public async Task NoAnswer_ThatIsCharged_SaysSoAndForbidsRetries()
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new() { CutBeforeHeaders = true };

        await AssertChargedAndNotRetriedAsync(sidecar, agent, await sidecar.AskAsync("v1/chat/completions", agent, BodyFor("", "gpt-4o")), 502);
    }

    /// <summary>What is refused is free and may be tried again by whoever wants to.</summary>
    [Fact]
    public async Task Error_ThatIsFree_SaysNothingOfRetries()
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new() { FailWithStatus = 429 };

        var reply = await sidecar.AskAsync("v1/chat/completions", agent, BodyFor("", "gpt-4o"));

        Assert.Equal((429, 0), (reply.Status, reply.ChargedMicrocents));
        Assert.DoesNotContain("x-should-retry", reply.Headers.Keys);
    }

    /// <summary>An error that tells what it counted has told it.</summary>
    /// <param name="status">The provider's status.</param>
    /// <param name="output">The output that it counted, at 1,000 microcents a token; the input is 4 tokens at 250.</param>
    /// <param name="charged">What is charged; null for the hold.</param>
    [Theory]
    [InlineData(400, 7, 8_000)]
    [InlineData(500, 7, null)]
    [InlineData(500, 90_000, 90_001_000)]
    [InlineData(503, 90_000, 90_001_000)]
    public async Task Error_ThatTellsAUsage_IsChargedForItAtLeast(int status, long output, int? charged)
    {
        var counts = string.Create(CultureInfo.InvariantCulture, $"\"prompt_tokens\":4,\"completion_tokens\":{output},\"total_tokens\":{output + 4}");
        var body = """{"error":{"message":"It broke."},"usage":{COUNTS}}""".Replace("COUNTS", counts, StringComparison.Ordinal);
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 200);
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = body };

        var reply = await sidecar.AskAsync("v1/chat/completions", agent, BodyFor("", "gpt-4o"));

        Assert.Equal(charged ?? Assert.Single(held), reply.ChargedMicrocents);
        Assert.Equal(reply.ChargedMicrocents, await sidecar.SpentAsync(agent));
    }

    private static async Task<SidecarFixture> StartAsync()
    {
        var sidecar = await SidecarFixture.StartAsync();
        sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("grok", "grok-4.7"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(200), Output = Rate.FromMicrocents(600) },
            MaxInputTokens = 10_000,
            MaxOutputTokens = 1_000,
        });
        return sidecar;
    }

    private static async Task AssertChargedAndNotRetriedAsync(SidecarFixture sidecar, string agent, Reply reply, int status)
    {
        Assert.True(status == reply.Status, reply.Text);
        Assert.Equal("false", reply.Headers["x-should-retry"]);
        Assert.True(reply.ChargedMicrocents > 0);
        Assert.Equal(reply.ChargedMicrocents, await sidecar.SpentAsync(agent));
        Assert.True(reply.ChargedMicrocents >= sidecar.Provider.Bill.TotalMicrocents);
    }

    private static string BodyFor(string path, string model) =>
        path == Gemini ? AskGemini : path == "v1/responses" ? AskResponses : Ask.Replace("MODEL", model, StringComparison.Ordinal);
}
