using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Misbilling;

/// <summary>The cases in which a gateway did the wrong thing, as calls through the sidecar.</summary>
public sealed partial class MisbillingTests
{
    private const string Chat = "/v1/chat/completions";
    private const string AskAnthropic = """{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";
    private const string Ask = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";

    /// <summary>litellm#30630, #36008, #39893: a client that went before the usage came had its call for nothing.</summary>
    [Fact]
    public async Task T8_ClientGoesBeforeUsage_TheWholeAnswerIsPaid()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var going = new CancellationTokenSource();
        sidecar.Provider.OnArrival = async _ =>
        {
            await going.CancelAsync();
            await sidecar.Watch.Gone;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sidecar.PostAsync(Chat, agent, Ask, going.Token));

        Assert.True(await sidecar.AssertPaidAsBilledAsync(agent) > 0);
    }

    /// <summary>The same when it is the provider that breaks off: what it bills is unknown, so the hold is spent.</summary>
    [Fact]
    public async Task T8_StreamBreaksOffBeforeUsage_TheHoldIsSpent()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { CutAfterEvents = 1 };
        using var response = await sidecar.PostAsync(Chat, agent, Ask);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        Assert.Equal(held.Single(), (await sidecar.EndedAsync(agent)).Spent);
    }

    /// <summary>litellm#35524, #36561, nika#1368: a model without a price cost nothing, and the cap was void.</summary>
    [Theory]
    [InlineData(Chat, """{"model":"gpt-4o-minni","messages":[{"role":"user","content":"Hi"}],"max_tokens":9}""")]
    [InlineData("/v1/responses", """{"model":"gpt-99","input":"Hi","max_output_tokens":9}""")]
    [InlineData("/v1/messages", """{"model":"claude-sonet-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":9}""")]
    [InlineData("/v1beta/models/gemini-2.5-flush:generateContent", """{"contents":[{"parts":[{"text":"Hi"}]}]}""")]
    public async Task T12_ModelWithoutAPrice_IsRefused(string path, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>litellm#31837: the tier that was asked for was billed, though another served the call.</summary>
    [Theory]
    [InlineData("default", 1)]
    [InlineData("priority", 2)]
    [InlineData(null, 2)]
    public async Task T13_ServedTier_IsBilled(string? served, int factor)
    {
        var usage = """{ "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12 }""";
        await using var provider = await ScriptedProvider.AnsweringAsync(
            $$"""{ "model": "gpt-5", "service_tier": {{JsonSerializer.Serialize(served)}}, "usage": {{usage}} }""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var spent = await SpentAsync(
            sidecar, Chat, """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"service_tier":"priority"}""");

        Assert.Equal(factor * ((10 * 125) + (2 * 1_000)), spent);
    }

    /// <summary>A tier that has no price is not taken for the asked one: what it costs is unknown, so the hold is spent.</summary>
    [Fact]
    public async Task T13_ServedTierWithoutAPrice_TheHoldIsSpent()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            """{ "model": "gpt-5", "service_tier": "scale", "usage": { "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2 } }""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var spent = await SpentAsync(sidecar, Chat, """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""");

        Assert.True(spent >= 100 * 1_000, $"Only {spent} microcents are spent.");
    }

    /// <summary>A dearer model than the one asked for is billed as what it is, beyond the hold.</summary>
    [Fact]
    public async Task T13_ServedModel_IsBilled()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            """{ "model": "gpt-5", "usage": { "prompt_tokens": 10, "completion_tokens": 90, "total_tokens": 100 } }""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);

        Assert.Equal((10 * 125) + (90 * 1_000), await SpentAsync(sidecar, Chat, Ask.Replace("gpt-4o", "gpt-4o-mini").Replace("true", "false")));
    }

    /// <summary>A model whose output has no price cannot have given any, nor one without input: the asked one is billed, and the hold is spent.</summary>
    [Fact]
    public async Task T13_ServedModelThatCostsNothing_IsNotBelieved()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            """{ "model": "text-embedding-3-small", "usage": { "prompt_tokens": 0, "completion_tokens": 9, "total_tokens": 9 } }""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);

        Assert.InRange(await SpentAsync(sidecar, Chat, Ask.Replace("true", "false")), 100 * 1_000, 200_000);
    }

    /// <summary>At Anthropic, what makes a message dearer adds up: a fast answer in a region with a surcharge is both.</summary>
    [Fact]
    public async Task T13_SpeedAndRegion_AreBothBilled()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""
            { "type": "message", "model": "claude-sonnet-5", "content": [],
              "usage": { "input_tokens": 10, "output_tokens": 2, "service_tier": "standard", "speed": "fast", "inference_geo": "us" } }
            """);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("ANTHROPIC_BASE_URL", provider.Address)]);
        sidecar.AddPrice(Rates(200, 1_000, cached: 20, written: 250) with
        {
            Model = new ModelKey("anthropic", "claude-sonnet-5"),
            ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add("fast", new ServiceTier(6, 6)).Add("us", new ServiceTier(1.1m, 1.1m)),
        });

        Assert.Equal(6 * 11 * ((10 * 200) + (2 * 1_000)) / 10, await SpentAsync(sidecar, "/v1/messages", AskAnthropic));
    }

    /// <summary>Each run of a model within a call is billed at that model's price.</summary>
    [Fact]
    public async Task T9_Iterations_AreBilledAtTheirOwnModel()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""
            { "type": "message", "model": "claude-sonnet-5", "content": [], "usage": { "input_tokens": 23, "output_tokens": 10, "iterations": [
              { "type": "compaction", "input_tokens": 180, "output_tokens": 35 },
              { "type": "advisor_message", "model": "claude-haiku-4-5", "input_tokens": 50, "output_tokens": 5 },
              { "type": "message", "input_tokens": 23, "output_tokens": 10 }] } }
            """);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("ANTHROPIC_BASE_URL", provider.Address)]);

        Assert.Equal(
            (203 * 200) + (45 * 1_000) + (50 * 100) + (5 * 500), await SpentAsync(sidecar, "/v1/messages", AskAnthropic));
    }

    /// <summary>claude-code-hub#1165: a stream that nobody had asked for usage cost nothing.</summary>
    [Fact]
    public async Task T14_StreamWithoutIncludeUsage_IsAskedForIt()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        JsonElement sent = default;
        sidecar.Provider.ForRequest = request =>
        {
            sent = JsonSerializer.SerializeToElement(request.Body);
            return Behaviour.Honest;
        };
        using var response = await sidecar.PostAsync(Chat, agent, Ask);
        await response.Content.ReadAsStringAsync();

        Assert.True(sent.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.True(await sidecar.AssertPaidAsBilledAsync(agent) > 0);
    }

    /// <summary>grob#454: an answer with counts of zero, or with none, cost nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T14_ZeroOrNoUsage_TheHoldIsSpent(bool zero)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { ZeroUsage = zero, OmitUsage = !zero };
        using var response = await sidecar.PostAsync(Chat, agent, Ask);
        await response.Content.ReadAsStringAsync();

        Assert.Equal(held.Single(), (await sidecar.EndedAsync(agent)).Spent);
    }

    /// <summary>litellm#27509: 16,384 tokens of output were reserved for a call that named no cap, and the model gave up to 128,000.</summary>
    [Theory]
    [InlineData(null, 16_384)]
    [InlineData("128000", 128_000)]
    public async Task T15_OmittedCap_WhatIsReservedIsSent(string? most, long cap)
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("CAP_OPENAI_MAX_COMPLETION_TOKENS", most)]);
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        using var response = await sidecar.PostAsync(Chat, agent, """{"model":"gpt-5.6","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(cap, sidecar.Provider.Calls.Single().MaxOutputTokens);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), cap * 3_000, held.Single());
    }

    /// <summary>A search that grounds the answer has no bound on its queries, so no count of them can be wrong: it is not sent.</summary>
    [Fact]
    public async Task T16_Grounding_IsRefused()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(
            "/v1beta/models/gemini-2.5-flash:generateContent", agent, """{"contents":[{"parts":[{"text":"Hi"}]}],"tools":[{"googleSearch":{}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>freebuff#1164: OpenRouter's cost and the one within it were added up. The greatest that is stated is charged at least, and none of it twice.</summary>
    [Fact]
    public async Task T18_CostsInTheAnswer_AreNotAdded()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""
            { "model": "m", "usage": { "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12,
              "cost": 0.95, "cost_details": { "upstream_inference_cost": 19 }, "cost_in_usd_ticks": 9000000000 } }
            """);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:openrouter:BaseUrl", provider.Address)]);
        sidecar.AddPrice(Rates(300, 1_500, cached: 30, written: 375) with { Model = new ModelKey("openrouter", "m") });
        var spent = await SpentAsync(
            sidecar, "/openrouter/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":50}""");

        Assert.Equal(19 * 100_000_000, spent);
    }

    /// <summary>What is stated to be less than usage × price does not make it less.</summary>
    [Fact]
    public async Task T18_CostThatIsLessThanTheCounts_DoesNotLowerTheBill()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            """{ "model": "m", "usage": { "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12, "cost": 0.00001 } }""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:openrouter:BaseUrl", provider.Address)]);
        sidecar.AddPrice(Rates(300, 1_500, cached: 30, written: 375) with { Model = new ModelKey("openrouter", "m") });
        var spent = await SpentAsync(
            sidecar, "/openrouter/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":50,"usage":{"include":true}}""");

        Assert.Equal((10 * 300) + (2 * 1_500), spent);
    }

    /// <summary>litellm#37736: a budget of $0 was taken for none.</summary>
    [Fact]
    public async Task T19_BudgetOfNothing_RefusesEveryCall()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        await sidecar.Engine.SetBudgetAsync(new AgentId(agent), Money.Zero);
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>The route takes no such budget, so it cannot be meant for "unlimited" either: the one before stays.</summary>
    [Fact]
    public async Task T19_BudgetOfNothing_IsNotTakenByTheRoute()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 7);
        using var body = SidecarFixture.Body("""{"hard_limit_cents":0}""");
        using var response = await sidecar.Client.PostAsync(new Uri($"/v1/agents/{agent}/budget", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Money.FromCents(7), (await sidecar.Engine.FindBudgetAsync(new AgentId(agent)))!.HardLimit);
    }

    private static async Task<long> SpentAsync(SidecarFixture sidecar, string path, string body)
    {
        var agent = await sidecar.AgentAsync(cents: 10_000);
        using var response = await sidecar.PostAsync(path, agent, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        return (await sidecar.EndedAsync(agent)).Spent;
    }
}
