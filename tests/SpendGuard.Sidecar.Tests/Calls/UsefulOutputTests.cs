using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A call whose budget pays for less output than is of use is refused, in place of being paid for nothing; an answer that was cut says so.</summary>
public sealed class UsefulOutputTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Reasoning = """{"model":"gpt-5.6","messages":[{"role":"user","content":"hello"}]}""";
    private const string Plain = """{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""";
    private const string Thinking = """{"model":"claude-sonnet-5","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"hello"}]}""";
    private const string Adaptive = """{"model":"claude-sonnet-5","max_tokens":4000,"thinking":{"type":"adaptive"},"messages":[{"role":"user","content":"hello"}]}""";

    private const string Quiet = """{"model":"gpt-5.6","reasoning_effort":"none","messages":[{"role":"user","content":"hello"}]}""";
    private const string Flash = "/v1beta/models/gemini-2.5-flash:generateContent";
    private const string Contents = """{"contents":[{"parts":[{"text":"hello"}]}]}""";
    private const string AsOpenAI = "/v1beta/openai/chat/completions";
    private const string WithoutThoughts = """{"contents":[{"parts":[{"text":"hello"}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}""";
    private const string WithThoughts = """{"contents":[{"parts":[{"text":"hello"}]}],"generation_config":{"thinking_config":{"thinking_budget":-1}}}""";

    /// <param name="path">The route.</param>
    /// <param name="call">A call that asks for more than the budget pays for.</param>
    /// <param name="least">The least output that it goes on with.</param>
    [Theory]
    [InlineData(Chat, Plain, 16)]
    [InlineData(Chat, Reasoning, 1024)]
    [InlineData(Chat, Quiet, 16)]
    [InlineData("/v1/responses", """{"model":"gpt-5.6","input":"hello"}""", 1024)]
    [InlineData("/v1/responses", """{"model":"gpt-5.6","input":"hello","reasoning":{"effort":"none"}}""", 16)]
    [InlineData(Flash, Contents, 1024)]
    [InlineData(Flash, WithoutThoughts, 16)]
    [InlineData("/v1beta/models/gemini-2.5-flash-lite:generateContent", Contents, 16)]
    [InlineData("/v1beta/models/gemini-2.5-flash-lite:generateContent", WithThoughts, 1024)]
    [InlineData("/v1beta/models/gemini-3.8-flash:generateContent", Contents, 1024)]
    [InlineData(AsOpenAI, """{"model":"gemini-2.5-flash","messages":[{"role":"user","content":"hello"}]}""", 1024)]
    [InlineData(AsOpenAI, """{"model":"gemini-2.5-flash","reasoning_effort":"none","messages":[{"role":"user","content":"hello"}]}""", 16)]
    [InlineData(AsOpenAI, """{"model":"gemini-2.5-flash","extra_body":{"google":{"thinking_config":{"thinking_budget":0}}},"messages":[{"role":"user","content":"hello"}]}""", 16)]
    [InlineData(AsOpenAI, """{"model":"gemini-2.5-flash-lite","extra_body":{"google":{"thinking_config":{"thinking_budget":-1}}},"messages":[{"role":"user","content":"hello"}]}""", 1024)]
    [InlineData(AsOpenAI, """{"model":"gemini-2.5-flash-lite","extra_body":{"google":{"thinking_config":{"include_thoughts":true}}},"messages":[{"role":"user","content":"hello"}]}""", 16)]
    [InlineData("/v1/messages", Adaptive, 1024)]
    [InlineData("/v1/messages", Thinking, 2001)]
    public async Task Budget_ThatPaysForLess_RefusesAndSaysWhy(string path, string call, long least)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var floor = (await FloorAsync(sidecar, path, call)).Microcents;

        // By so much less that no closer count of the input makes up for it.
        var (enough, tooLittle) = (await AgentAsync(sidecar, floor), await AgentAsync(sidecar, floor / 2));

        var before = sidecar.Provider.Calls.Count;
        var refused = await sidecar.AskAsync(path, tooLittle, call);
        Assert.Equal(before, sidecar.Provider.Calls.Count);
        var served = await sidecar.AskAsync(path, enough, call);

        Assert.Equal((402, "false"), (refused.Status, refused.Headers["x-should-retry"]));
        Assert.Equal(
            least > 16,
            ((string?)refused.Body["detail"])!.Contains("tokens of output, as the model reasons before it answers", StringComparison.Ordinal));
        Assert.Equal((200, least.ToString()), (served.Status, served.Headers["x-spendguard-output-cap"]));
        Assert.Equal(served.ChargedMicrocents, await sidecar.SpentAsync(enough));
    }

    /// <summary>An answer that has to be cut before its first word is not paid for, whatever the budget.</summary>
    [Fact]
    public async Task Gemini_NeverGetsACapThatLeavesItNoWord()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var (served, refused) = (0, 0);
        for (var microcents = 1_000L; microcents < 10_000_000; microcents = microcents * 3 / 2)
        {
            var agent = await AgentAsync(sidecar, microcents);
            var reply = await sidecar.AskAsync(Flash, agent, Contents);
            Assert.True(reply.Status is 200 or 402, reply.Text);
            _ = reply.Status is 200 ? served++ : refused++;
        }

        Assert.True(served > 3 && refused > 3, $"{served} were served, {refused} refused.");
        var calls = sidecar.Provider.Calls.Where(call => !call.Counts).ToList();
        Assert.Equal(served, calls.Count);
        Assert.All(calls, call => Assert.True(call.MaxOutputTokens >= 1024, $"The cap was {call.MaxOutputTokens}."));
    }

    [Theory]
    [InlineData(Reasoning, "1")]
    [InlineData(Reasoning, "100")]
    [InlineData(Plain, "1")]
    public async Task Caller_ToWhomLessIsOfUse_SaysSo(string call, string least)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var floor = await FloorAsync(sidecar, Chat, call, ("x-spendguard-least-output", least));
        var agent = await AgentAsync(sidecar, floor.Microcents);

        Assert.Equal(402, (await sidecar.AskAsync(Chat, agent, call)).Status);
        var served = await sidecar.AskAsync(Chat, agent, call, ("x-spendguard-least-output", least));

        Assert.Equal((200, least), (served.Status, served.Headers["x-spendguard-output-cap"]));
    }

    [Fact]
    public async Task Setting_IsForAllModels()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("SPENDGUARD_LEAST_OUTPUT_TOKENS", "1"));
        var agent = await AgentAsync(sidecar, (await FloorAsync(sidecar, Chat, Reasoning)).Microcents);

        var served = await sidecar.AskAsync(Chat, agent, Reasoning);

        Assert.Equal((200, "1"), (served.Status, served.Headers["x-spendguard-output-cap"]));
    }

    /// <summary>Who asks for little gets what it asked for.</summary>
    [Fact]
    public async Task Caller_WhoAsksForLess_IsNotRefusedForIt()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        const string Call = """{"model":"gpt-5.6","max_completion_tokens":20,"messages":[{"role":"user","content":"hello"}]}""";
        var floor = await FloorAsync(sidecar, Chat, Call);
        var agent = await AgentAsync(sidecar, floor.Microcents);

        var served = await sidecar.AskAsync(Chat, agent, Call);

        Assert.Equal(200, served.Status);
        Assert.DoesNotContain("x-spendguard-output-cap", served.Headers.Keys);
        Assert.DoesNotContain("x-spendguard-cut", served.Headers.Keys);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task Header_ThatIsNoNumberOfTokens_IsRefused(string least)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);

        var refused = await sidecar.AskAsync(Chat, agent, Plain, ("x-spendguard-least-output", least));

        Assert.Equal(400, refused.Status);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ThatTheBudgetsCapCut_SaysSo(bool stream)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var call = JsonNode.Parse(Plain)!;
        call["stream"] = stream;
        var agent = await AgentAsync(sidecar, (await FloorAsync(sidecar, Chat, Plain)).Microcents);

        var served = await sidecar.AskAsync(Chat, agent, call.ToJsonString());

        Assert.Equal(200, served.Status);
        if (stream)
        {
            Assert.Contains(" x-spendguard-cut=output-cap\n", served.Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("output-cap", served.Headers["x-spendguard-cut"]);
        }
    }

    /// <summary>An agent with exactly so much, which no number of cents can be.</summary>
    private static async Task<string> AgentAsync(SidecarFixture sidecar, long microcents)
    {
        var agent = await sidecar.AgentAsync(budget: null);
        await sidecar.Engine.SetBudgetAsync(agent, Money.FromMicrocents(microcents), maxInFlight: 1);
        return agent;
    }

    /// <summary>The least that a call needs where its budget does not pay for all that it asks for, as it is held while it is at the provider.</summary>
    private static async Task<Money> FloorAsync(SidecarFixture sidecar, string path, string call, params (string Name, string Value)[] headers)
    {
        var agent = await sidecar.AgentAsync(cents: 4);
        var floor = Money.Zero;
        sidecar.Provider.OnArrival = async _ => floor = (await sidecar.Engine.ListInFlightAsync(agent))[0].Floor;
        Assert.Equal(200, (await sidecar.AskAsync(path, agent, call, headers)).Status);
        sidecar.Provider.OnArrival = null;
        return floor;
    }
}
