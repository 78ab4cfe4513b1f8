using System.Text.Json;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>What goes to the provider is what was asked, with the cap and the pinned fields; what is held covers what it bills.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = null!;
    private JsonElement _sent;

    public static TheoryData<string> InputsOfChat =>
    [
        """ "messages":[{"role":"user","content":"é😀 𓀀𓀀𓀀 ﷺ"}] """,
        """ "messages":[{"role":"user","name":"Ada","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://example.com/i.png"}}]}] """,
        """ "messages":[{"role":"user","content":"x"}],"n":5 """,
        """ "messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"custom","custom":{"name":"c"}}] """,
        """ "messages":[{"role":"user","content":"x"}],"functions":[{"name":"f","parameters":{"type":"object"}}] """,
        """ "messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}} """,
        """ "messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"😀"}] """,
    ];

    public static TheoryData<string> InputsOfResponses =>
    [
        """ "input":"é😀 𓀀𓀀𓀀 ﷺ","instructions":"Be brief." """,
        """ "input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"https://example.com/i.png","detail":"high"}]}] """,
        """ "input":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"é😀","annotations":[]},{"type":"refusal","refusal":"no"}]}] """,
        """ "input":[{"type":"reasoning","summary":[{"type":"summary_text","text":"x"}],"encrypted_content":"AAAA"},{"type":"function_call","call_id":"1","name":"f","arguments":"{\"a\":\"😀\"}"},{"type":"function_call_output","call_id":"1","output":"😀"}] """,
        """ "input":[{"type":"custom_tool_call","call_id":"1","name":"c","input":"😀"},{"type":"custom_tool_call_output","call_id":"1","output":[{"type":"input_text","text":"😀"}]}] """,
        """ "input":"x","tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"}},{"type":"custom","name":"c"}],"tool_choice":{"type":"function","name":"f"} """,
        """ "input":"x","text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object","properties":{"é":{"type":"string"}}}}} """,
        """ "input":"x","truncation":"auto","max_tool_calls":3,"store":false,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"low","mode":"standard"} """,
        """ "input":[{"type":"reasoning","id":"rs_1","summary":[]}] """,
    ];

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [MemberData(nameof(InputsOfChat))]
    public Task Chat_AtItsDearest_IsWithinTheHold(string fields) => DearestIsHeldForAsync("/v1/chat/completions", fields, "max_completion_tokens");

    [Theory]
    [MemberData(nameof(InputsOfResponses))]
    public Task Response_AtItsDearest_IsWithinTheHold(string fields) => DearestIsHeldForAsync("/v1/responses", fields, "max_output_tokens");

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":50,"max_completion_tokens":20}""", 20)]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":10,"max_completion_tokens":20}""", 10)]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":30,"max_completion_tokens":null}""", 30)]
    public async Task TwoCaps_TheSmallerIsSentUnderTheRightName(string body, long cap)
    {
        await PostAsync("/v1/chat/completions", body);

        Assert.Equal(cap, _sent.GetProperty("max_completion_tokens").GetInt64());
        Assert.False(_sent.TryGetProperty("max_tokens", out _));
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"service_tier":"auto"}""")]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"x"}""")]
    public async Task ServiceTier_IsPinned(string path, string body)
    {
        await PostAsync(path, body);

        Assert.Equal("default", _sent.GetProperty("service_tier").GetString());
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""", null, 300)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":900}""", null, 300)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":90}""", null, 90)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""", "70", 70)]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"x"}""", null, 200)]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"x","max_output_tokens":900}""", null, 200)]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"x","max_output_tokens":90}""", null, 90)]
    public async Task Settings_BoundWhatIsAskedFor(string path, string body, string? unasked, long cap)
    {
        await using var sidecar = await SidecarFixture.StartAsync(
            settings:
            [
                ("CAP_OPENAI_MAX_COMPLETION_TOKENS", "300"),
                ("CAP_OPENAI_MAX_OUTPUT_TOKENS", "200"),
                ("CAP_DEFAULT_MAX_OUTPUT_TOKENS", unasked),
            ]);
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        using var response = await sidecar.PostAsync(path, agent, body);

        Assert.Equal(cap, sidecar.Provider.Calls.Single().MaxOutputTokens);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task Model_WithoutAPublishedTokenizer_IsBoundByItsBytes()
    {
        await using var sidecar = await SidecarFixture.StartAsync([new ProviderPrice("gpt-6-luna", 10, 50)]);
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        using var response = await sidecar.PostAsync(
            "/v1/responses", agent, """{"model":"gpt-6-luna","input":"é😀 𓀀","max_output_tokens":40}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 1, held.Single());
    }

    [Fact]
    public async Task BudgetIsShort_OutputIsCappedToIt()
    {
        var poor = await _sidecar.AgentAsync(cents: 1);
        _sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        using var response = await _sidecar.PostAsync("/v1/responses", poor, """{"model":"gpt-4o","input":"x","max_output_tokens":9000}""");
        var cap = _sidecar.Provider.Calls.Single().MaxOutputTokens;

        Assert.InRange(cap!.Value, 16, 1_000);
        Assert.Equal(cap.Value.ToString(), response.Headers.GetValues("x-spendguard-output-cap").Single());
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(poor), 1, 1_000_000);
    }

    [Fact]
    public async Task Response_BudgetPaysForLessThanTheProviderTakes_IsRefused()
    {
        // 16 tokens are the least that a response can be capped to; a chat completion can be capped to one, where its caller says that it is of use.
        const string Least = "x-spendguard-least-output";
        var poor = await _sidecar.AgentAsync(cents: 1);
        var prompt = string.Concat(Enumerable.Repeat(" word", 3_870));
        using var refused = await _sidecar.PostAsync("/v1/responses", poor, $$"""{"model":"gpt-4o","input":"{{prompt}}"}""", headers: (Least, "1"));
        Assert.Equal(402, (int)refused.StatusCode);
        await _sidecar.AssertNothingHappenedAsync(poor);

        using var taken = await _sidecar.PostAsync(
            "/v1/chat/completions", poor, $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{prompt}}"}]}""", headers: (Least, "1"));
        Assert.Equal(200, (int)taken.StatusCode);
        Assert.InRange(_sidecar.Provider.Calls.Single().MaxOutputTokens!.Value, 1, 15);
        await _sidecar.AssertPaidAsBilledAsync(poor);
    }

    [Fact]
    public async Task UnknownField_PassesWhereStrictnessIsOff()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_STRICT_FIELDS", "false")]);
        var agent = await sidecar.AgentAsync();
        using var passed = await sidecar.PostAsync("/v1/responses", agent, """{"model":"gpt-4o","input":"x","surprise":1}""");
        using var disguised = await sidecar.PostAsync("/v1/responses", agent, """{"model":"gpt-4o","input":"x","Background":true}""");
        using var unbounded = await sidecar.PostAsync("/v1/responses", agent, """{"model":"gpt-4o","input":"x","background":true}""");

        Assert.Equal([200, 400, 400], new[] { passed, disguised, unbounded }.Select(response => (int)response.StatusCode));
        Assert.Single(sidecar.Provider.Calls);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task WhatIsNotKnown_MarksTheReservationWhereStrictnessIsOff()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_STRICT_FIELDS", "false")]);
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        using var response = await sidecar.PostAsync("/v1/chat/completions", agent, """
            {"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"x","süß":1},{"type":"text","text":"y","süß":2}]}],
            "tools":[{"type":"later","later":{"name":"f"}}],"surprise":1}
            """);
        using var plain = await sidecar.PostAsync("/v1/chat/completions", agent, """{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal([200, 200], new[] { response, plain }.Select(answer => (int)answer.StatusCode));
        Assert.Equal(
            "messages[].content[].s??, tools[].type=later, surprise", response.Headers.GetValues("x-spendguard-unbounded").Single());
        Assert.False(plain.Headers.Contains("x-spendguard-unbounded"));
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 1, held.Sum());
        var reservations = await sidecar.Engine.ReadLedgerAsync(new AgentId(agent))
            .Where(entry => entry.Kind == SpendGuard.Budgets.LedgerEntryKind.Reserved).Select(entry => entry.Unbounded).ToListAsync();
        Assert.Equal(["messages[].content[].süß, tools[].type=later, surprise", null], reservations);
    }

    private async Task DearestIsHeldForAsync(string path, string fields, string cap)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        using var response = await _sidecar.PostAsync(path, _agent, $$"""{"model":"gpt-4o","{{cap}}":40,{{fields}}}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 1, held.Single());
    }

    private async Task PostAsync(string path, string body)
    {
        _sidecar.Provider.ForRequest = request =>
        {
            _sent = JsonSerializer.SerializeToElement(request.Body);
            return Behaviour.Honest;
        };
        using var response = await _sidecar.PostAsync(path, _agent, body);
        Assert.Equal(200, (int)response.StatusCode);
    }
}
