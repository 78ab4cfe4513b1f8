using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SpendGuard.Calls;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>Keys, prompts and answers are sent through every path, and then looked for wherever they do not belong.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string Prompt = "canary-prompt";
    private const string Answer = "canary-answer";

    /// <summary>A part of all that must not be found.</summary>
    private const string Canary = "canary-";

    private readonly TempFolder _folder = new();
    private OtlpReceiver _collector = null!;
    private SimulatedProvider _provider = null!;
    private SidecarUnderTest _sidecar = null!;

    /// <summary>Each has the caller's own key in it in the way that the format's clients send it, and a model without a tokenizer of its own last.</summary>
    private static IReadOnlyList<(string Path, string Body)> Calls { get; } =
    [
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/responses", """{"model":"gpt-4o-mini","max_output_tokens":20,"input":"TEXT"}"""),
        ("/v1/responses", """{"model":"gpt-4o-mini","max_output_tokens":20,"stream":true,"input":"TEXT"}"""),
        ("/v1/embeddings", """{"model":"text-embedding-3-small","input":"TEXT"}"""),
        ("/grok/v1/chat/completions", """{"model":"grok-2","max_tokens":20,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":20,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/messages/count_tokens", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1beta/models/gemini-2.5-flash:generateContent?key=canary-query", """{"contents":[{"parts":[{"text":"TEXT"}]}]}"""),
        ("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=canary-query", """{"contents":[{"parts":[{"text":"TEXT"}]}]}"""),
        ("/v1beta/models/gemini-2.5-flash:countTokens?key=canary-query", """{"contents":[{"parts":[{"text":"TEXT"}]}]}"""),
        ("/v1/agents/AGENT/runs/run/openai/chat/completions", """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/agents/AGENT/runs/run/openai/responses", """{"model":"gpt-4o-mini","max_output_tokens":20,"input":"TEXT"}"""),
        ("/v1/agents/AGENT/runs/run/anthropic/messages", """{"model":"claude-haiku-4-5","max_tokens":20,"messages":[{"role":"user","content":"TEXT"}]}"""),
        ("/v1/agents/AGENT/runs/run/gemini/generateContent", """{"model":"gemini-2.5-flash","max_tokens":20,"prompt":"TEXT"}"""),
    ];

    public async Task InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync();
        _provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { ExtraPrices = [new ProviderPrice("grok-2", 200, 1_000)] });
        _sidecar = new SidecarUnderTest(_folder, TimeProvider.System, new Dictionary<string, string?>
        {
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["OPENAI_BASE_URL"] = _provider.OpenAIEndpoint.ToString(),
            ["XAI_BASE_URL"] = _provider.GrokEndpoint.ToString(),
            ["GEMINI_BASE_URL"] = _provider.BaseAddress.ToString(),
            ["ANTHROPIC_BASE_URL"] = _provider.BaseAddress.ToString(),
            ["OPENAI_API_KEY"] = "canary-openai",
            ["XAI_API_KEY"] = "canary-xai",
            ["GEMINI_API_KEY"] = "canary-gemini",
            ["ANTHROPIC_API_KEY"] = "canary-anthropic",
            ["CAP_INGEST_URL"] = _collector.Address,
            ["CAP_INGEST_API_KEY"] = "canary-ingest",
        });
        await _sidecar.App.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _provider.DisposeAsync();
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Secrets_AreFoundNowhere()
    {
        var agent = await _sidecar.AgentAsync();
        var poor = await _sidecar.AgentAsync();
        await _sidecar.App.Services.GetRequiredService<SpendGuardEngine>().SetBudgetAsync(new AgentId(poor), Money.FromMicrocents(20_000));
        var said = Behaviour.Say(Answer);
        var answers = 0;
        foreach (var (path, body) in Calls)
        {
            _provider.Behaviour = said;
            var (status, text) = await CallAsync(agent, path, body.Replace("TEXT", Prompt, StringComparison.Ordinal));
            Assert.Equal(200, status);
            answers += text.Contains(Canary, StringComparison.Ordinal) ? 1 : 0;

            // What the provider refuses, breaks off, or never begins; and what is refused here: for the budget, once with a count
            // asked for, for the format, and for a field that is not known.
            foreach (var behaviour in Failures())
            {
                _provider.Behaviour = behaviour;
                await RefusedAsync(agent, path, body.Replace("TEXT", Prompt, StringComparison.Ordinal));
            }

            _provider.Behaviour = said;
            await RefusedAsync(poor, path, body.Replace("TEXT", string.Concat(Enumerable.Repeat(Prompt, 500)), StringComparison.Ordinal));
            await RefusedAsync(agent, path, body.Replace("\"TEXT\"", "[{\"other\":\"" + Prompt + "\"}]", StringComparison.Ordinal));
            await RefusedAsync(agent, path, body.Replace("TEXT", Prompt + "\\ud800", StringComparison.Ordinal));
            await RefusedAsync(agent, path, "{\"unknown\":\"" + Prompt + "\"," + body[1..].Replace("TEXT", Prompt, StringComparison.Ordinal));
            await RefusedAsync(agent, path, body.Replace("TEXT", Prompt, StringComparison.Ordinal)[..^1]);
            await RefusedAsync("no-such-agent", path, body.Replace("TEXT", Prompt, StringComparison.Ordinal));
        }

        Assert.True(_sidecar.App.Services.GetRequiredService<TracerProvider>().ForceFlush());
        _sidecar.App.Services.GetRequiredService<MeterProvider>().ForceFlush();

        // They do get to where they belong.
        Assert.InRange(answers, Calls.Count / 2, Calls.Count);
        Assert.Contains(_provider.Calls, call => call.Caller == "canary-openai");
        Assert.Contains(_collector.Requests, request => request.Authorization == "Bearer canary-ingest");

        Assert.NotEmpty(_collector.Spans);
        Assert.All(_collector.Requests, request => AssertClean(request.Path, Encoding.Latin1.GetString(request.Body)));
        AssertClean("/metrics", await _sidecar.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        AssertClean("/ready", await _sidecar.Client.GetStringAsync(new Uri("/ready", UriKind.Relative)));
        Assert.NotEmpty(_sidecar.Log.Everything);
        Assert.All(_sidecar.Log.Everything, entry => AssertClean("the log", entry));
        await _sidecar.DisposeAsync();
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => AssertClean(file, Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    /// <summary>An agent's key opens the sidecar; it is more of a secret than a caller's key of another form, which opens nothing.</summary>
    [Fact]
    public async Task AgentsKey_IsFoundNowhereButWhereItWasMade()
    {
        var agent = await _sidecar.AgentAsync(cents: 100_000, maxInFlight: 16);
        var made = (await _sidecar.Engine.Keys.CreateAsync(new AgentId(agent))).Secret.Reveal();
        var revoked = await _sidecar.Engine.Keys.CreateAsync(new AgentId(agent));
        await _sidecar.Engine.Keys.RevokeAsync(new AgentId(agent), revoked.Key.Id);
        var sent = new List<string>();
        _provider.OnArrival = request =>
        {
            lock (sent)
            {
                sent.Add(request.Path + request.Query + string.Join('\n', request.Headers) + request.Body);
            }

            return Task.CompletedTask;
        };
        foreach (var key in (string[])[made, revoked.Secret.Reveal(), made[..^1]])
        {
            var secret = key[^31..];
            foreach (var (path, body) in Calls)
            {
                foreach (var (header, form) in Places)
                {
                    _provider.Behaviour = Behaviour.Say(Answer);
                    var (status, text) = await WithKeyAsync(agent, path, body, key, header, form);
                    Assert.Equal(key == made ? 200 : 401, status);
                    AssertClean(path, text, secret);
                    _provider.Behaviour = new() { FailWithStatus = 400 };
                    AssertClean(path, (await WithKeyAsync(agent, path, body, key, header, form)).Text, secret);
                    AssertClean(path, (await WithKeyAsync(agent, path, body[..^1], key, header, form)).Text, secret);
                    AssertClean(path, (await WithKeyAsync(agent, path, body, key, header, form, named: "another")).Text, secret);
                }
            }

            Assert.All(sent, request => AssertClean("the provider", request, secret));
            Assert.True(_sidecar.App.Services.GetRequiredService<TracerProvider>().ForceFlush());
            Assert.All(_collector.Requests, request => AssertClean(request.Path, Encoding.Latin1.GetString(request.Body), secret));
            Assert.All(_sidecar.Log.Everything, entry => AssertClean("the log", entry, secret));
            AssertClean("the list", await _sidecar.Client.GetStringAsync(new Uri($"/v1/agents/{agent}/keys", UriKind.Relative)), secret);
        }

        Assert.NotEmpty(sent);
        await _sidecar.DisposeAsync();
        Assert.All(
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories),
            file => AssertClean(file, Encoding.Latin1.GetString(File.ReadAllBytes(file)), made[^31..]));
    }

    /// <summary>Where SDKs put a key; none of the headers for the query.</summary>
    private static (string? Header, string Form)[] Places { get; } =
        [("x-api-key", "{0}"), ("Authorization", "Bearer {0}"), ("x-goog-api-key", "{0}"), (null, "{0}")];

    private static IEnumerable<Behaviour> Failures() =>
    [
        new() { FailWithStatus = 400 },
        new() { FailWithStatus = 401 },
        new() { FailWithStatus = 500, BillFailures = true },
        new() { CutBeforeHeaders = true },
        Behaviour.Say(Answer) with { OmitUsage = true, CutAfterEvents = 1 },
    ];

    private static void AssertClean(string where, string text, string secret = Canary)
    {
        var found = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        Assert.True(found < 0, found < 0 ? "" : $"{where} has '{text[Math.Max(0, found - 100)..Math.Min(text.Length, found + 100)]}'.");
    }

    /// <summary>Whatever comes of it, its error has nothing of the secrets in it; only an answer may have its own text.</summary>
    private async Task RefusedAsync(string agent, string path, string body)
    {
        var (status, text) = await CallAsync(agent, path, body);
        if (status >= 400)
        {
            AssertClean($"{path} answered {status}", text);
        }
    }

    /// <summary>A call that says by its key alone who calls, or by <paramref name="named"/> that it is another.</summary>
    private async Task<(int Status, string Text)> WithKeyAsync(
        string agent, string path, string body, string key, string? header, string form, string? named = null)
    {
        var address = path.Replace("AGENT", agent, StringComparison.Ordinal).Replace("&key=canary-query", "", StringComparison.Ordinal)
            .Replace("?key=canary-query", "", StringComparison.Ordinal);
        var query = header is not null ? "" : (address.Contains('?', StringComparison.Ordinal) ? "&key=" : "?key=") + key;
        using var request = new HttpRequestMessage(HttpMethod.Post, address + query)
        {
            Content = SidecarFixture.Body(body.Replace("TEXT", "hello", StringComparison.Ordinal)),
        };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, string.Format(form, key));
        }

        if (named is not null)
        {
            request.Headers.TryAddWithoutValidation("x-cynsta-agent-id", named);
        }

        using var response = await _sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<(int Status, string Text)> CallAsync(string agent, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path.Replace("AGENT", agent, StringComparison.Ordinal)) { Content = SidecarFixture.Body(body) };
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer canary-callers");
        request.Headers.TryAddWithoutValidation("x-api-key", "canary-callers");
        request.Headers.TryAddWithoutValidation("x-goog-api-key", "canary-callers");
        try
        {
            using var response = await _sidecar.Client.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // A stream that the provider broke off is broken off here too.
            return (0, "");
        }
    }
}
