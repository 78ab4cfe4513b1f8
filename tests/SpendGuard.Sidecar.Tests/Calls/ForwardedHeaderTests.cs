using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Tests.Properties;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>Of what a caller sends beside the body, that goes on which is listed, and nothing else: what is not known stops here.</summary>
public sealed class ForwardedHeaderTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""";
    private const string Contents = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    /// <summary>What any request has, and what the sidecar itself adds.</summary>
    private static readonly string[] Own =
        ["Host", "Content-Type", "Content-Length", "Transfer-Encoding", "Authorization", "x-api-key", "x-goog-api-key", "anthropic-version"];

    public static TheoryData<string, string, string> Routes => new()
    {
        { "openai", "/v1/chat/completions", Chat },
        { "openai", "/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":20}""" },
        { "openai", "/v1/embeddings", """{"model":"text-embedding-3-small","input":"Hi"}""" },
        { "grok", "/grok/v1/chat/completions", """{"model":"grok-3","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""" },
        { "local", "/local/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""" },
        { "anthropic", "/v1/messages?beta=true", Messages },
        { "anthropic", "/v1/messages/count_tokens?beta=true", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}]}""" },
        { "gemini", "/v1beta/models/gemini-2.5-flash:generateContent", Contents },
        { "gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Contents },
        { "gemini", "/v1beta/models/gemini-2.5-flash:countTokens", """{"contents":[{"parts":[{"text":"Hi"}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Hostile_GoesNowhere(string provider, string path, string body)
    {
        await using var seen = await Seen.StartAsync();
        foreach (var headers in HostileHeaders.All.Chunk(Soak.Rounds(8, 1)))
        {
            var sent = await seen.SendAsync(path, body, headers);
            Assert.Empty(headers.Select(header => header.Name).Intersect(Seen.Names(sent, beyond: Own), StringComparer.OrdinalIgnoreCase));
            Assert.DoesNotContain(sent.Headers.Values, value => headers.Any(
                header => value.Contains(header.Value, StringComparison.Ordinal) && header.Value.Contains("other", StringComparison.Ordinal)));
        }

        var all = await seen.SendAsync(path, body, HostileHeaders.All);
        Assert.Equal(all.Caller, seen.KeyOf(provider));
        Assert.Equal(path.Contains('?', StringComparison.Ordinal) ? path[path.IndexOf('?', StringComparison.Ordinal)..] : "", all.Query);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task HostileQuery_GoesNowhere(string provider, string path, string body)
    {
        await using var seen = await Seen.StartAsync();
        var (asked, listed) = path.Split('?') is [var before, var query] ? (before, "?" + query) : (path, "");
        var hostile = HostileHeaders.Queries.Where(pair => !pair.StartsWith("beta=", StringComparison.Ordinal) || listed.Length == 0);
        foreach (var pairs in hostile.Chunk(Soak.Rounds(4, 1)))
        {
            Assert.Equal(listed, (await seen.SendAsync($"{asked}?{string.Join('&', pairs)}&{listed.TrimStart('?')}", body)).Query);
        }

        Assert.NotEmpty(seen.KeyOf(provider));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Random_GoesNowhere(string provider, string path, string body)
    {
        await using var seen = await Seen.StartAsync();
        var listed = seen.ListOf(provider).Rules.Select(rule => rule.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var name = Gen.OneOf(
            Gen.Char["abcdefghijklmnopqrstuvwxyz-_0123456789"].Array[1, 20].Select(letters => "x-" + new string(letters)),
            Gen.Select(JsonGen.AnyOf([.. listed]), JsonGen.AnyOf("-", "-x", "s", "_", "-override"), (near, end) => near + end));
        await Gen.Select(name, Gen.Char["abc=;,/ 1"].Array[1, 30].Select(letters => "v" + new string(letters) + "v")).Array[1, 20].SampleAsync(
            async headers =>
            {
                var sent = await seen.SendAsync(path, body, headers);
                Assert.Empty(Seen.Names(sent, beyond: Own).Except(listed, StringComparer.OrdinalIgnoreCase));
            },
            iter: Soak.Rounds(8, 200),
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Listed_GoesOn(string provider, string path, string body)
    {
        await using var seen = await Seen.StartAsync();
        foreach (var rule in seen.ListOf(provider).Rules)
        {
            var value = rule.Name switch
            {
                "anthropic-beta" => "prompt-caching-2024-07-31",
                _ => rule.Values is [var listed, ..] ? listed : "of-the-client",
            };
            var sent = await seen.SendAsync(path, body, (rule.Name, value));
            Assert.Equal(value, sent.Headers[rule.Name]);
        }
    }

    /// <summary>Such a value could not be sent: the call would fail between its hold and the wire.</summary>
    [Theory]
    [InlineData("kl\u00e9\u00e9")]
    [InlineData("a\u0001b")]
    public async Task ValueThatCannotBeSent_IsLeftOut(string value)
    {
        Assert.False(new HeaderRule("User-Agent", "").Takes(value));
        await using var seen = await Seen.StartAsync();
        Assert.DoesNotContain("User-Agent", (await seen.SendAsync("/v1/chat/completions", Chat)).Headers.Keys);
    }

    /// <summary>Ten thousand tokens of thought, billed and left out of what the caller asked to see.</summary>
    [Theory]
    [InlineData(":generateContent", "x-goog-fieldmask", "")]
    [InlineData(":generateContent", "", "?fields=")]
    [InlineData(":generateContent", "", "?$fields=")]
    [InlineData(":streamGenerateContent?alt=sse", "x-goog-fieldmask", "")]
    [InlineData(":streamGenerateContent?alt=sse", "", "&fields=")]
    public async Task Mask_HidesNothingThatIsBilled(string method, string header, string query)
    {
        const string Mask = "candidates,usageMetadata.promptTokenCount,usageMetadata.candidatesTokenCount";
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100_000);
        sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 10_010, ReasoningTokens = 10_000 };
        using var response = await sidecar.PostAsync(
            "/v1beta/models/gemini-2.5-flash" + method + (query.Length > 0 ? query + Mask : ""),
            agent,
            Contents.Replace("100", "20000", StringComparison.Ordinal),
            default,
            header.Length > 0 ? [(header, Mask)] : []);
        Assert.Contains("thoughtsTokenCount", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await sidecar.AssertPaidAsBilledAsync(agent) > 0);
    }

    /// <summary>Who pays is set up where the keys are.</summary>
    [Fact]
    public async Task Payer_IsOfTheSettings()
    {
        await using var seen = await Seen.StartAsync(("OPENAI_ORG_ID", "org-ours"), ("OPENAI_PROJECT_ID", "proj_ours"));
        var sent = await seen.SendAsync("/v1/chat/completions", Chat, ("OpenAI-Organization", "org-other"), ("OpenAI-Project", "proj_other"));
        Assert.Equal(("org-ours", "proj_ours"), (sent.Headers["OpenAI-Organization"], sent.Headers["OpenAI-Project"]));
    }

    /// <summary>A gateway of the user's own may need more; its headers are named in the settings.</summary>
    [Fact]
    public async Task HeaderOfTheSettings_GoesOnToThatProviderOnly()
    {
        await using var seen = await Seen.StartAsync(("SpendGuard:Providers:local:ForwardHeaders", "X-Title, x-litellm-tags"));
        (string, string)[] headers = [("X-Title", "t"), ("x-litellm-tags", "a"), ("x-litellm-timeout", "1")];
        Assert.Equal(["x-litellm-tags", "X-Title"], Seen.Names(await seen.SendAsync("/local/v1/chat/completions", Chat, headers), beyond: Own));
        Assert.Empty(Seen.Names(await seen.SendAsync("/v1/chat/completions", Chat, headers), beyond: Own));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("x-cynsta-agent-id")]
    [InlineData("not a name")]
    public async Task HeaderOfTheSettings_ThatIsNotTheCallersToSet_StopsTheStart(string name)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(async () =>
        {
            await using var seen = await Seen.StartAsync(("SpendGuard:Providers:local:ForwardHeaders", name));
        });
        Assert.Contains("ForwardHeaders", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A sidecar, and what its providers see.</summary>
    private sealed class Seen(SidecarFixture sidecar, SimulatedProvider local, string agent) : IAsyncDisposable
    {
        private SimulatedRequest? _last;

        public static async Task<Seen> StartAsync(params (string Name, string? Value)[] settings)
        {
            var local = await SimulatedProvider.StartAsync();
            try
            {
                var sidecar = await SidecarFixture.StartAsync(
                    [new ProviderPrice("grok-3", 300, 1500)],
                    [("SpendGuard:Providers:local:BaseUrl", local.OpenAIEndpoint.ToString()), .. settings]);
                sidecar.AddPrice(new RateCard
                {
                    Model = new ModelKey("local", "gpt-4o"),
                    Rates = new TokenRates { Input = Rate.FromMicrocents(250), Output = Rate.FromMicrocents(1_000) },
                });
                var seen = new Seen(sidecar, local, await sidecar.AgentAsync(cents: 100_000));
                sidecar.Provider.OnArrival = local.OnArrival = seen.SeeAsync;
                return seen;
            }
            catch
            {
                await local.DisposeAsync();
                throw;
            }
        }

        public HeaderTable ListOf(string provider) => Provider(provider).Forwarded(RequestTables.Bundled);

        public string KeyOf(string provider) => Provider(provider).Key ?? "anonymous";

        public async Task<SimulatedRequest> SendAsync(string path, string body, params (string Name, string Value)[] headers)
        {
            _last = null;
            using var response = await sidecar.PostAsync(path, agent, body, default, headers);
            var answer = await response.Content.ReadAsStringAsync();
            await sidecar.EndedAsync(agent);
            Assert.True((int)response.StatusCode == 200, answer);
            return _last ?? throw new InvalidOperationException("Nothing arrived.");
        }

        /// <summary>The names of the headers that came, in order.</summary>
        public static IEnumerable<string> Names(SimulatedRequest request, IEnumerable<string> beyond) =>
            request.Headers.Keys.Except(beyond, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);

        public async ValueTask DisposeAsync()
        {
            await sidecar.DisposeAsync();
            await local.DisposeAsync();
        }

        private Task SeeAsync(SimulatedRequest request)
        {
            _last = request;
            return Task.CompletedTask;
        }

        private Provider Provider(string name) => sidecar.App.Services.GetRequiredService<SidecarSettings>().Providers[name];
    }
}
