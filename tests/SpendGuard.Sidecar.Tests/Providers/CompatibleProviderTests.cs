using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Providers;

/// <summary>A provider of the user's own, such as a local model, is called under its name and at its price.</summary>
public sealed class CompatibleProviderTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":50}""";

    private static RateCard Card => new()
    {
        Model = new ModelKey("local", "m"),
        Rates = new TokenRates { Input = Rate.FromMicrocents(3), Output = Rate.FromMicrocents(5) },
    };

    [Theory]
    [InlineData("/local/v1/chat/completions", Chat, "/v1/chat/completions", "max_tokens", (10 * 3) + (2 * 5))]
    [InlineData("/local/v1/responses", """{"model":"m","input":"Hi","max_output_tokens":50}""", "/v1/responses", "max_output_tokens", (10 * 3) + (2 * 5))]
    [InlineData("/local/v1/embeddings", """{"model":"m","input":["Hi","there"]}""", "/v1/embeddings", null, 12 * 3)]
    public async Task Call_IsCappedAndCharged(string path, string body, string target, string? cap, long charged)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""{"usage":{"prompt_tokens":10,"total_tokens":12}}""");
        await using var sidecar = await StartAsync(provider);
        sidecar.AddPrice(Card);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, body, headers: [("Authorization", "Bearer the-callers-key")]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(charged, (await sidecar.EndedAsync(agent)).Spent);
        var sent = provider.Requests.Single();
        Assert.Equal(target, sent.Target);
        Assert.DoesNotContain("Authorization", sent.Headers.Keys);
        using var json = JsonDocument.Parse(sent.Body);
        Assert.False(json.RootElement.TryGetProperty("service_tier", out _));
        if (cap is not null)
        {
            Assert.Equal(50, json.RootElement.GetProperty(cap).GetInt64());
        }
    }

    [Fact]
    public async Task Models_AreTheUsersOwn()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("{}");
        await using var sidecar = await StartAsync(provider);
        sidecar.AddPrice(Card);
        var list = await sidecar.Client.GetStringAsync(new Uri("/local/v1/models", UriKind.Relative));

        Assert.StartsWith("""{"object":"list","data":[{"id":"m","object":"model","created":""", list, StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task Call_WithoutACap_IsRefusedWhereTheModelHasNone()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("{}");
        await using var sidecar = await StartAsync(provider);
        sidecar.AddPrice(Card);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(
            "/local/v1/chat/completions", agent, """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(provider.Requests);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>The name of the cap is the provider's: what the caller calls it is between the two of us.</summary>
    [Theory]
    [InlineData(null, "max_completion_tokens", false)]
    [InlineData(null, "max_completion_tokens", true)]
    [InlineData("max_tokens", "max_completion_tokens", false)]
    [InlineData("max_completion_tokens", "max_tokens", false)]
    [InlineData("max_completion_tokens", "max_tokens", true)]
    [InlineData("both", "max_completion_tokens", false)]
    [InlineData("both", "max_tokens", false)]
    public async Task Cap_GoesByTheNameThatTheProviderKnows(string? setting, string unknown, bool refused)
    {
        await using var provider = await SimulatedProvider.StartAsync();
        provider.Behaviour = new Behaviour
        {
            GenerateToTheCap = true,
            IgnoresCapsNamed = refused ? [] : [unknown],
            RefusesCapsNamed = refused ? [unknown] : [],
        };
        await using var sidecar = await StartAsync(provider, setting);

        // At 1,000 microcents a token, a cent pays for less than the 5,000 tokens that are asked for.
        foreach (var name in new[] { "max_tokens", "max_completion_tokens" })
        {
            var agent = await sidecar.AgentAsync(cents: 1);
            var billed = provider.Bill.TotalMicrocents;
            var reply = await sidecar.AskAsync(
                "/local/v1/chat/completions", agent, $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"{{name}}":5000}""");
            Assert.True(reply.Status == 200, reply.Text);
            var spent = (await sidecar.EndedAsync(agent)).Spent;
            Assert.Equal(provider.Bill.TotalMicrocents - billed, spent);
            Assert.InRange(spent, 1, 1_000_000);
        }
    }

    /// <summary>What knows no name at all is paid in full, closes the budget, and is named with the way out.</summary>
    [Fact]
    public async Task Cap_ThatIsIgnored_IsReportedAndCloses()
    {
        await using var provider = await SimulatedProvider.StartAsync();
        provider.Behaviour = new Behaviour { OutputTokens = 6_000, IgnoresCapsNamed = ["max_tokens", "max_completion_tokens"] };
        await using var sidecar = await StartAsync(provider, setting: null);
        var agent = await sidecar.AgentAsync(cents: 1);
        const string Ask = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":5000}""";
        Assert.Equal(200, (await sidecar.AskAsync("/local/v1/chat/completions", agent, Ask)).Status);

        Assert.Equal(provider.Bill.TotalMicrocents, (await sidecar.EndedAsync(agent)).Spent);
        Assert.Contains(sidecar.Log.At(LogLevel.Error), entry => entry.Contains("local", StringComparison.Ordinal) && entry.EndsWith("set SpendGuard__Providers__local__OutputCap.", StringComparison.Ordinal));
        Assert.Equal(402, (await sidecar.AskAsync("/local/v1/chat/completions", agent, Ask)).Status);
        Assert.Single(provider.Calls);
    }

    private static async Task<SidecarFixture> StartAsync(SimulatedProvider provider, string? setting)
    {
        var sidecar = await SidecarFixture.StartAsync(settings:
        [
            ("SpendGuard:Providers:local:BaseUrl", provider.CompatibleEndpoint.ToString()), ("SpendGuard:Providers:local:OutputCap", setting),
        ]);
        sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("local", "gpt-4o"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(250), Output = Rate.FromMicrocents(1_000) },
            MaxOutputTokens = 16_384,
        });
        return sidecar;
    }

    private static Task<SidecarFixture> StartAsync(ScriptedProvider provider) =>
        SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:local:BaseUrl", provider.Address + "/v1")]);
}
