using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Calls;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A call that its bytes would refuse is held by what the provider counts, where it counts free of charge.</summary>
public sealed class CountedInputTests : IAsyncLifetime
{
    // Bodies name these two, which would be too long for the names of tests.
    private static readonly string Prose = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 2_000));
    private const string Messages = """[{"role":"system","content":"Be brief."},{"role":"user","content":"PROSE"}]""";

    private SidecarFixture _sidecar = null!;

    /// <summary>A path, a body that is about 90,000 tokens by its bytes and 20,000 in truth, and cents between what the two cost.</summary>
    public static TheoryData<string, string, int> Counting => new()
    {
        { "/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":200,"system":"Be brief.","messages":[{"role":"user","content":"PROSE"}],"metadata":{"user_id":"u"}}""", 6 },
        { "/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"PROSE"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""", 6 },
        { "/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":"PROSE"}],"tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]}""", 6 },
        { "/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":"PROSE"}],"tools":[{"type":"web_search_20250305","name":"web_search"}],"tool_choice":{"type":"auto"}}""", 6 },
        { "/v1beta/models/gemini-2.5-flash:generateContent", Gemini("generationConfig"), 1 },
        { "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Gemini("generation_config"), 1 },
        { "/v1/responses", """{"model":"gpt-6.2-sol","max_output_tokens":200,"instructions":"Be brief.","input":"PROSE","store":false}""", 9 },
        { "/v1/responses", """{"model":"gpt-6.2-sol","max_output_tokens":200,"stream":true,"input":"PROSE","tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]}""", 9 },
        { "/v1/chat/completions", """{"model":"gpt-6.2-sol","max_tokens":200,"messages":MESSAGES,"stream":true}""", 9 },
    };

    /// <summary>Calls of which no count would be one of all that is billed, or for which none is offered.</summary>
    public static TheoryData<string, string, int> NotCounting => new()
    {
        { "/grok/v1/chat/completions", """{"model":"grok-2","max_tokens":200,"messages":MESSAGES}""", 6 },
        { "/grok/v1/responses", """{"model":"grok-2","max_output_tokens":200,"input":"PROSE"}""", 6 },
        { "/v1/chat/completions", """{"model":"gpt-6.2-sol","max_tokens":200,"messages":MESSAGES,"tools":[{"type":"function","function":{"name":"f"}}]}""", 9 },
        { "/v1/chat/completions", """{"model":"gpt-6.2-sol","max_tokens":200,"messages":MESSAGES,"response_format":{"type":"json_object"}}""", 9 },
        { "/v1/chat/completions", """{"model":"gpt-6.2-sol","max_tokens":200,"messages":[{"role":"user","name":"Ada","content":"PROSE"}]}""", 9 },
        { "/v1/chat/completions", """{"model":"gpt-4o","max_tokens":200,"messages":MESSAGES}""", 4 },
        { "/v1/responses", """{"model":"gpt-4o","max_output_tokens":200,"input":"PROSE"}""", 4 },
        { "/v1/responses", """{"model":"gpt-6.2-sol","max_output_tokens":200,"input":[{"role":"user","content":[{"type":"input_text","text":"PROSE"},{"type":"input_image","image_url":"https://example.com/i.png"}]}]}""", 9 },
        { "/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":200,"messages":[{"role":"user","content":[{"type":"text","text":"PROSE"},{"type":"image","source":{"type":"url","url":"https://example.com/i.png"}}]}]}""", 6 },
        { "/v1beta/models/gemini-2.5-flash:generateContent", Gemini("generationConfig", ",\"responseSchema\":{\"type\":\"OBJECT\"}"), 2 },
        { "/v1beta/models/gemini-2.5-flash:generateContent", Gemini("generationConfig", ",\"responseFormat\":{\"text\":{\"schema\":{\"type\":\"OBJECT\"}}}"), 2 },
    };

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync(
        [new ProviderPrice("gpt-6.2-sol", 200, 1_000) { CachedInput = 10, CacheWrite = 250 }]);

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CallThatBytesRefuse_IsLetThroughByTheCount_AndPaidAsBilled(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        var held = _sidecar.WatchHolds(agent);
        _sidecar.Provider.Behaviour = new() { GenerateToTheCap = true };

        Assert.Equal(200, (await PostAsync(path, agent, body)).Status);

        var calls = _sidecar.Provider.Calls;
        Assert.Equal([true, false], calls.Select(call => call.Counts));
        Assert.Equal([false, true], calls.Select(call => call.Billed));
        Assert.Equal(0, held[0]);
        var bill = await _sidecar.AssertPaidAsBilledAsync(agent);
        Assert.InRange(bill, 1, held[1]);
        Assert.InRange(held[1], 1, cents * 1_000_000);
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CountThatFails_LeavesTheRefusal(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        _sidecar.Provider.Behaviour = new() { FailWithStatus = 529 };

        var (status, text) = await PostAsync(path, agent, body);

        Assert.Equal(402, status);
        Assert.Contains("was asked to count the input, and gave no count to go by.", text, StringComparison.Ordinal);
        await _sidecar.AssertOnlyCountedAsync(agent);
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CountThatIsTooLarge_LeavesTheRefusal(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        foreach (var count in new long[] { 60_000, long.MaxValue })
        {
            _sidecar.Provider.Behaviour = new() { ReportedCount = count };
            var (status, text) = await PostAsync(path, agent, body);

            Assert.Equal(402, status);
            Assert.Contains($"was asked to count the input: {count} tokens", text, StringComparison.Ordinal);
            Assert.Equal(count == long.MaxValue, text.Contains("tokens, where at most", StringComparison.Ordinal));
        }

        await _sidecar.AssertOnlyCountedAsync(agent);
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CountThatIsNotPlausible_LeavesTheRefusal(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        foreach (var count in new long[] { long.MinValue, -1, 0, 1, 5_000 })
        {
            _sidecar.Provider.Behaviour = new() { ReportedCount = count };

            Assert.Equal(402, (await PostAsync(path, agent, body)).Status);
        }

        await _sidecar.AssertOnlyCountedAsync(agent);
    }

    [Theory]
    [MemberData(nameof(NotCounting))]
    public async Task CallThatNoCountCovers_IsRefusedUnasked(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        var (status, text) = await PostAsync(path, agent, body);

        Assert.Equal(402, status);
        Assert.DoesNotContain("count the input", text, StringComparison.Ordinal);

        // Only what the model's tokenizer has counted is the least.
        var isCounted = body.Contains("gpt-4o", StringComparison.Ordinal);
        Assert.Equal(isCounted, text.Contains("needs at least $", StringComparison.Ordinal));
        Assert.Equal(!isCounted, text.Contains("by the bytes of its input, whose exact count is not known", StringComparison.Ordinal));
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>Whoever tops up by what the refusal says has topped up by enough, and by a fraction of what the bytes come to.</summary>
    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CallThatNoCountLetsThrough_IsToldWhatTheCountComesTo(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        var left = Money.FromMicrocents(100_000);
        await _sidecar.Engine.SetBudgetAsync(new AgentId(agent), left);

        var (status, text) = await PostAsync(path, agent, body);

        Assert.Equal(402, status);
        await _sidecar.AssertOnlyCountedAsync(agent);
        var needs = Money.FromDollars(decimal.Parse(text.Split("the call needs at least $")[1].Split(". ")[0], CultureInfo.InvariantCulture));
        Assert.True(needs < Money.FromCents(cents), needs.ToString());
        await _sidecar.Engine.SetBudgetAsync(new AgentId(agent), needs, needs - left);
        Assert.Equal(200, (await PostAsync(path, agent, body)).Status);
    }

    /// <summary>An agent that goes on calling with nothing left does not keep the provider counting.</summary>
    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CallOfAnAgentWithNothingLeft_IsRefusedUnasked_ByItsBytes(string path, string body, int cents)
    {
        var agent = await _sidecar.AgentAsync(cents);
        await _sidecar.Engine.SetBudgetAsync(new AgentId(agent), Money.Zero);

        var (status, text) = await PostAsync(path, agent, body);

        Assert.Equal(402, status);
        Assert.Contains("by the bytes of its input, whose exact count is not known. Top the budget up", text, StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task CountThatCannotHelp_IsNotAskedFor(string path, string body, int cents)
    {
        // It fits by its bytes; or a count would not make much of a difference; or it only has to wait.
        var rich = await _sidecar.AgentAsync(cents: 100);
        Assert.Equal(200, (await PostAsync(path, rich, body)).Status);
        Assert.DoesNotContain(_sidecar.Provider.Calls, call => call.Counts);

        var poor = await _sidecar.AgentAsync(cents);
        await _sidecar.Engine.SetBudgetAsync(new AgentId(poor), Money.FromMicrocents(10));
        Assert.Equal(402, (await PostAsync(path, poor, body.Replace("PROSE", "hello", StringComparison.Ordinal).Replace("MESSAGES", """[{"role":"user","content":"hello"}]""", StringComparison.Ordinal))).Status);

        var statuses = new List<int>();
        _sidecar.Provider.OnArrival = async request =>
        {
            if (statuses.Count == 0)
            {
                statuses.Add((await PostAsync(path, rich, body)).Status);
            }
        };
        Assert.Equal(200, (await PostAsync(path, rich, body)).Status);
        Assert.Equal([409], statuses);
        Assert.DoesNotContain(_sidecar.Provider.Calls, call => call.Counts);
    }

    /// <summary>That it does not fit by its bytes says nothing of the rate at which money is spent; what is told last does, whatever came of the count.</summary>
    [Fact]
    public async Task Breaker_IsTrippedByTheLastBound_AndNotByTheBytes()
    {
        var row = ((IEnumerable<object[]>)Counting).First();
        var (path, body, cents) = ((string)row[0], (string)row[1], (int)row[2]);
        var agent = await _sidecar.AgentAsync(cents: 100);
        await _sidecar.Engine.SetLimitAsync(agent, Limit.Rolling(Money.FromCents(cents), TimeSpan.FromHours(1)).ThatPauses());
        Assert.Equal(200, (await PostAsync(path, agent, body)).Status);

        foreach (var (sent, behaviour) in ((string, Behaviour)[])
        [
            (body, new() { ReportedCount = 60_000 }),
            (body, new() { ReportedCount = long.MaxValue }),
            (body, new() { FailWithStatus = 529 }),
            ((string)((IEnumerable<object[]>)NotCounting).ElementAt(8)[1], new()),
        ])
        {
            _sidecar.Provider.Behaviour = behaviour;
            var (status, text) = await PostAsync(path, agent, sent);

            Assert.Equal(403, status);
            Assert.Contains("breaker", text, StringComparison.Ordinal);
            await _sidecar.Engine.ResumeAsync(agent);
        }
    }

    [Fact]
    public async Task Question_HasTheInputOnly_AndTheProvidersKey()
    {
        var agent = await _sidecar.AgentAsync(6);
        SimulatedRequest? asked = null;
        _sidecar.Provider.OnArrival = request =>
        {
            asked ??= request;
            return Task.CompletedTask;
        };
        const string Body =
            """
            {"model":"claude-haiku-4-5","max_tokens":200,"temperature":0.5,"stream":true,"metadata":{"user_id":"u"},"stop_sequences":["x"],
             "system":"Be brief.","thinking":{"type":"disabled"},"tool_choice":{"type":"auto"},
             "tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"PROSE"}]}
            """;
        using var response = await _sidecar.PostAsync(
            "/v1/messages", agent, Filled(Body), default,
            ("anthropic-version", "2023-01-01"), ("anthropic-beta", "extended-cache-ttl-2025-04-11"), ("x-api-key", "the caller's"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("/v1/messages/count_tokens", asked!.Path);
        Assert.Equal(
            ["messages", "model", "system", "thinking", "tool_choice", "tools"],
            asked.Body.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal("the-anthropic-key", asked.Headers["x-api-key"]);
        Assert.Equal("2023-01-01", asked.Headers["anthropic-version"]);
        Assert.Equal("extended-cache-ttl-2025-04-11", asked.Headers["anthropic-beta"]);
        Assert.DoesNotContain("x-cynsta-agent-id", asked.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task CountThatDoesNotCome_LeavesTheRefusal()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var folder = new TempFolder();
        await using var sidecar = new SidecarUnderTest(folder, time, new Dictionary<string, string?>
        {
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["ANTHROPIC_API_KEY"] = "test key",
            ["ANTHROPIC_BASE_URL"] = _sidecar.Provider.BaseAddress.ToString(),
        });
        await sidecar.App.StartAsync();
        _sidecar.Provider.Behaviour = new() { Hang = true };
        _sidecar.Provider.OnArrival = _ =>
        {
            time.Advance(TimeSpan.FromSeconds(6));
            return Task.CompletedTask;
        };
        await sidecar.App.Services.GetRequiredService<SpendGuardEngine>().SetBudgetAsync(new AgentId("a"), Money.FromCents(6));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages");
        request.Headers.Add("x-cynsta-agent-id", "a");
        request.Content = SidecarFixture.Body(Filled((string)((IEnumerable<object[]>)Counting).First()[1]));
        using var response = await sidecar.Client.SendAsync(request);

        Assert.Equal(402, (int)response.StatusCode);
        Assert.Contains("gave no count", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(sidecar.Log.At(Microsoft.Extensions.Logging.LogLevel.Warning), text => text.StartsWith("anthropic gave no count", StringComparison.Ordinal));
    }

    private static string Gemini(string config, string more = "") =>
        """{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"PROSE"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}],"""
        + $"\"{config}\":{{\"maxOutputTokens\":200{more}}}}}";

    private static string Filled(string body) => body.Replace("MESSAGES", Messages, StringComparison.Ordinal).Replace("PROSE", Prose, StringComparison.Ordinal);

    private async Task<(int Status, string Text)> PostAsync(string path, string agent, string body)
    {
        using var response = await _sidecar.PostAsync(path, agent, Filled(body));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
