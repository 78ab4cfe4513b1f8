using System.Net;
using System.Text.Json;
using SpendGuard.Pricing;

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

    private static Task<SidecarFixture> StartAsync(ScriptedProvider provider) =>
        SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:local:BaseUrl", provider.Address + "/v1")]);
}
