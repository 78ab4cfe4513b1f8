using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Tests.Dialects.Anthropic;

namespace SpendGuard.Sidecar.Tests.Models;

/// <summary>The routes that tell of models: which, and in whose form.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync()
    {
        Assert.Empty(_sidecar.Provider.Calls);
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task List_IsInTheFormOfTheClientThatAsks()
    {
        var openai = await GetAsync("/v1/models", ("Authorization", "Bearer x"));
        var anthropic = await GetAsync("/v1/models", ("anthropic-version", "2023-06-01"), ("x-api-key", "x"));
        var gemini = await GetAsync("/v1beta/models");
        var geminiOfV1 = await GetAsync("/v1/models", ("x-goog-api-key", "x"));
        var grok = await GetAsync("/grok/v1/models");

        Assert.Equal("list", (string?)openai.Body["object"]);
        Assert.Contains(openai.Body["data"]!.AsArray(), model => (string?)model!["id"] == "gpt-4o" && (string?)model["owned_by"] == "openai");
        var claude = Assert.Single(anthropic.Body["data"]!.AsArray(), model => (string?)model!["id"] == "claude-haiku-4-5")!;
        Assert.Equal(("model", 200_000), ((string?)claude["type"], (int)claude["max_input_tokens"]!));
        Assert.True(DateTimeOffset.TryParse((string?)claude["created_at"], out _));
        var flash = Assert.Single(gemini.Body["models"]!.AsArray(), model => (string?)model!["name"] == "models/gemini-2.5-flash")!;
        Assert.Equal((1_048_576, "generateContent"), ((int)flash["inputTokenLimit"]!, (string?)flash["supportedGenerationMethods"]![0]));
        Assert.True(JsonNode.DeepEquals(gemini.Body, geminiOfV1.Body));
        Assert.All(grok.Body["data"]!.AsArray(), model => Assert.Equal("grok", (string?)model!["owned_by"]));
    }

    /// <summary>What is on the list can be called, and what is not on it cannot, whatever is asked: a dry run asks for the least.</summary>
    [Fact]
    public async Task List_IsOfTheModelsThatCanBeCalled()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000_000);
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (provider, path) in ((string, string)[])[("openai", "/v1/models"), ("grok", "/grok/v1/models")])
        {
            listed.UnionWith((await GetAsync(path)).Body["data"]!.AsArray().Select(model => $"{provider}:{(string?)model!["id"]}"));
        }

        listed.UnionWith((await AllAnthropicAsync(limit: 1_000)).Select(model => "anthropic:" + model));
        listed.UnionWith((await AllGeminiAsync(pageSize: 1_000)).Select(model => "gemini:" + model));
        foreach (var model in _sidecar.App.Services.GetRequiredService<Prices>().Current.Models)
        {
            var (status, why) = await DryRunAsync(agent, model);
            Assert.True((status == 200) == listed.Contains(model.ToString()), $"{model}: {status} {why}");
        }

        Assert.DoesNotContain(listed, model => model.Contains("multi-agent", StringComparison.Ordinal) || model.Contains("-search-", StringComparison.Ordinal));
        Assert.True(listed.Count > 150);
    }

    [Fact]
    public async Task List_GoesByPages_WhereTheFormHasThem()
    {
        var claudes = await AllAnthropicAsync(limit: 1_000);
        var geminis = await AllGeminiAsync(pageSize: 1_000);

        Assert.Equal(claudes, await AllAnthropicAsync(limit: 7));
        Assert.Equal(geminis, await AllGeminiAsync(pageSize: 7));
        Assert.Equal(20, (await AnthropicPageAsync("")).Names.Count);
        var (middle, isMore) = await AnthropicPageAsync("limit=3&before_id=" + claudes[10]);
        var (first, isMoreBefore) = await AnthropicPageAsync("limit=3&before_id=" + claudes[2]);
        Assert.Equal([.. claudes[7..10], .. claudes[..2]], [.. middle, .. first]);
        Assert.Equal((true, false), (isMore, isMoreBefore));
        Assert.Equal(400, (await GetAsync("/v1/models?limit=none", ("anthropic-version", "2023-06-01"))).Status);
        Assert.Equal(400, (await GetAsync("/v1beta/models?pageSize=-1")).Status);
    }

    [Theory]
    [InlineData("/v1/models/gpt-4o", "accept", "*/*", "id", "gpt-4o")]
    [InlineData("/v1/models/claude-haiku-4-5", "anthropic-version", "2023-06-01", "id", "claude-haiku-4-5")]
    [InlineData("/v1beta/models/gemini-2.5-flash", "accept", "*/*", "name", "models/gemini-2.5-flash")]
    [InlineData("/grok/v1/models/grok-4.6", "accept", "*/*", "id", "grok-4.6")]
    public async Task One_IsToldById(string path, string header, string value, string field, string name)
    {
        var answer = await GetAsync(path, (header, value));

        Assert.Equal((200, name), (answer.Status, (string?)answer.Body[field]));
    }

    [Fact]
    public async Task AnthropicsOwnClient_ReadsEveryPage()
    {
        var client = AnthropicSdk.For(_sidecar, "nobody");
        var names = new List<string>();
        for (var page = await client.Models.List(); ; page = await page.Next())
        {
            names.AddRange(page.Items.Select(model => model.ID));
            if (!page.HasNext())
            {
                break;
            }
        }

        Assert.Equal(await AllAnthropicAsync(limit: 1_000), names);
        var one = await client.Models.Retrieve("claude-haiku-4-5");
        Assert.Equal(("claude-haiku-4-5", 200_000L, 64_000L), (one.ID, one.MaxInputTokens, one.MaxTokens));
    }

    [Fact]
    public async Task One_MayHaveASlashInItsName()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:router:BaseUrl", "http://127.0.0.1:9/v1")]);
        sidecar.AddPrice(new RateCard { Model = new ModelKey("router", "maker/model"), Rates = new TokenRates { Input = Rate.FromCents(1), Output = Rate.FromCents(1) } });

        Assert.Equal("maker/model", (string?)(await sidecar.GetAsync("/router/v1/models/maker%2Fmodel")).Body["id"]);
    }

    [Theory]
    [InlineData("/v1/models/gpt-4p", "accept", "*/*", "gpt-4o")]
    [InlineData("/v1/models/gpt-4p", "Authorization", "Bearer x", "gpt-4o")]
    [InlineData("/v1/models/claude-haiku-45", "anthropic-version", "2023-06-01", "claude-haiku-4-5")]
    [InlineData("/v1beta/models/gemini-2.5-flush", "accept", "*/*", "gemini-2.5-flash")]
    [InlineData("/v1/models/%20", "accept", "*/*", "without a name")]
    [InlineData("/v1/models/claude-haiku-4-5", "accept", "*/*", "no model of openai")]
    [InlineData("/grok/v1/models/grok-4.20-multi-agent-0309", "accept", "*/*", "runs several agents by itself")]
    public async Task One_ThatCannotBeCalled_Is404InTheClientsEnvelope(string path, string header, string value, string told)
    {
        var answer = await GetAsync(path, (header, value));

        Assert.Equal((404, "Model not found"), (answer.Status, (string?)answer.Body["detail"]));
        var message = (string?)answer.Body["error"]!["message"];
        Assert.StartsWith("Model not found: ", message, StringComparison.Ordinal);
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Equal(header == "anthropic-version", (string?)answer.Body["type"] == "error");
        Assert.Equal(path.StartsWith("/v1beta", StringComparison.Ordinal), (string?)answer.Body["error"]!["status"] == "NOT_FOUND");
    }

    private async Task<(int Status, string Why)> DryRunAsync(string agent, ModelKey model)
    {
        var answer = await _sidecar.AskAsync(
            $"/v1/agents/{agent}/dry-run", agent: null, $$"""{"provider":"{{model.Provider}}","model":"{{model.Model}}"}""");
        return (answer.Status, answer.Text);
    }

    private async Task<List<string>> AllAnthropicAsync(int limit)
    {
        var all = new List<string>();
        while (true)
        {
            var (names, hasMore) = await AnthropicPageAsync($"limit={limit}{(all.Count > 0 ? "&after_id=" + all[^1] : "")}");
            all.AddRange(names);
            if (!hasMore)
            {
                return all;
            }
        }
    }

    private async Task<(List<string> Names, bool HasMore)> AnthropicPageAsync(string query)
    {
        var page = (await GetAsync("/v1/models?" + query, ("anthropic-version", "2023-06-01"))).Body;
        var names = page["data"]!.AsArray().Select(model => (string)model!["id"]!).ToList();
        Assert.Equal((names[0], names[^1]), ((string?)page["first_id"], (string?)page["last_id"]));
        return (names, (bool)page["has_more"]!);
    }

    private async Task<List<string>> AllGeminiAsync(int pageSize)
    {
        var all = new List<string>();
        for (var token = ""; token is not null;)
        {
            var page = (await GetAsync($"/v1beta/models?pageSize={pageSize}&pageToken={token}")).Body;
            all.AddRange(page["models"]!.AsArray().Select(model => ((string)model!["name"]!)["models/".Length..]));
            token = (string?)page["nextPageToken"];
        }

        return all;
    }

    private async Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _sidecar.Client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }
}
