using System.Text.Json.Nodes;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

[Trait(Traits.Category, Traits.Slow)]
public sealed class RunCommandTests
{
    [Fact]
    public async Task Program_CallsWithinItsBudget_AndTheSummaryIsTheBill()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 0.05 --json", RunSession.Program("chat", "3"));

        Assert.Equal((0, "200\n200\n200\n"), (ran.ExitCode, ran.Output));
        var summary = SummaryOf(ran);
        Assert.Equal(3, (int)summary["calls"]!);
        Assert.Equal(0, (int)summary["refused"]!);
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)summary["charged_microcents"]!);
        Assert.Equal(5_000_000 - session.Provider.Bill.TotalMicrocents, (long)summary["remaining_microcents"]!);
        Assert.Equal((long)summary["held_microcents"]! - (long)summary["charged_microcents"]!, (long)summary["given_back_microcents"]!);
        Assert.Equal(("openai:gpt-4o-mini", 3), ((string)summary["models"]![0]!["model"]!, (int)summary["models"]![0]!["calls"]!));
    }

    [Fact]
    public async Task BudgetThatRunsOut_StopsTheCallsAndIsSaid()
    {
        await using var session = await RunSession.StartAsync();
        session.Provider.Behaviour = new() { GenerateToTheCap = true };

        var ran = await session.RunAsync("--budget $0.01", RunSession.Program("chat-until-refused"));

        Assert.StartsWith("402 at call ", ran.Output, StringComparison.Ordinal);
        Assert.Contains("the budget ran out: 1 call did not fit it", ran.Error, StringComparison.Ordinal);
        Assert.InRange(session.Provider.Bill.TotalMicrocents, 500_000, 1_000_000);

        // No answer was cut to a few words by then, which a program might have taken for its end.
        Assert.All(session.Provider.Calls, call => Assert.Equal(1_000, call.MaxOutputTokens));
    }

    /// <summary>No command reaches the budget from outside of the run: what the refusal names has to be what helps.</summary>
    [Fact]
    public async Task BudgetThatRunsOut_IsRaisedByAnotherRun_AndTheRefusalSaysSo()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 0.0000001 --agent nightly", "sh", "-c", """
            curl -s "$OPENAI_BASE_URL/chat/completions" -H "authorization: Bearer $OPENAI_API_KEY" -H 'content-type: application/json' -d '{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}'
            """);

        Assert.Contains("gives more with a higher --budget, as the same --agent, or is asked with --ask.", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("spendguard budget set", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_SeesNoRealKey_UnderWhateverName()
    {
        await using var session = await RunSession.StartAsync();
        session.Variables["GOOGLE_API_KEY"] = RunSession.Real + "-google";
        session.Variables["MISTRAL_API_KEY"] = RunSession.Real + "-mistral";
        session.Variables["MY_OWN_NAME_FOR_IT"] = RunSession.Real + "-openai";
        session.Variables["CAP_ADMIN_KEY"] = RunSession.Real + "-admin";

        var ran = await session.RunAsync("--budget 5", RunSession.Program("variables-with", RunSession.Real, "variables-with", "sk_spendguard_"));

        var said = ran.Output.Split('\n');
        Assert.Equal("variables: ", said[0]);
        Assert.Contains("OPENAI_API_KEY", said[1], StringComparison.Ordinal);
        Assert.Contains("ANTHROPIC_API_KEY", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_CannotRaiseItsBudgetNorSpendAnothers()
    {
        await using var session = await RunSession.StartAsync();
        await session.RunAsync("--budget 5 --agent rich", RunSession.Program());

        var ran = await session.RunAsync("--budget 1 --agent poor", RunSession.Program(
            "post", "/v1/agents/poor/budget", "post", "/v1/agents", "post", "/v1/admin-key", "post", "/v1/agents/rich/runs/x/openai/chat/completions"));

        Assert.All(ran.Output.TrimEnd().Split('\n'), status => Assert.True(status is "401" or "403", status));
        Assert.Empty(session.Provider.Calls);
    }

    /// <summary>What a program says of itself is of no account: whose call it is, and of which run, the run's key says.</summary>
    [Fact]
    public async Task ProgramThatNamesAnotherAgentAndRun_SpendsItsOwn()
    {
        await using var session = await RunSession.StartAsync();
        await session.RunAsync("--budget 5 --agent rich", RunSession.Program());

        var poor = await session.RunAsync("--budget 1 --agent poor --json", RunSession.Program("chat-as", "rich"));
        var rich = await session.RunAsync("--agent rich --json", RunSession.Program());

        Assert.Equal("200\n", poor.Output);
        Assert.Equal((1, session.Provider.Bill.TotalMicrocents), ((int)SummaryOf(poor)["calls"]!, (long)SummaryOf(poor)["charged_microcents"]!));
        Assert.Equal(500_000_000, (long)SummaryOf(rich)["remaining_microcents"]!);
    }

    /// <summary>Whoever is on the machine can connect, and a key of an agent's in the same ledger is not the run's.</summary>
    [Fact]
    public async Task CallWithoutTheRunsKey_IsNotLetIn()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 5", RunSession.Program(
            "chat-with", "not-needed", "chat-with", RunSession.Real + "-openai", "chat-with", "sk_spendguard_" + new string('a', 64), "chat", "1"));

        Assert.Equal("401\n401\n401\n200\n", ran.Output);
        Assert.Single(session.Provider.Calls);
    }

    /// <summary>It would be run as a program, and the run's own budget with it.</summary>
    [Fact]
    public async Task OptionThatIsMisspelt_IsNotRun()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 1 --agnet nightly", RunSession.Program("chat", "1"));

        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("'--agnet' is no option of run", ran.Error, StringComparison.Ordinal);
        Assert.Empty(session.Provider.Calls);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("255")]
    public async Task ExitCode_IsTheProgramsOwn(string exitCode)
    {
        await using var session = await RunSession.StartAsync();

        Assert.Equal(exitCode, $"{(await session.RunAsync("--budget 5", RunSession.Program("exit", exitCode))).ExitCode}");
    }

    [Fact]
    public async Task Arguments_ReachTheProgramToTheLetter()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 5", RunSession.Program("arguments", "-p", "two words", "--", "--budget", "@file", "[x]", "", "\"q\"", "$HOME"));

        Assert.Equal("-p|two words|--|--budget|@file|[x]||\"q\"|$HOME\n", ran.Output);
    }

    [Fact]
    public async Task SecondRunOfAnAgent_GoesOnWithWhatIsLeft()
    {
        await using var session = await RunSession.StartAsync();

        var first = SummaryOf(await session.RunAsync("--budget 0.05 --agent nightly --json", RunSession.Program("chat", "1")));
        var again = await session.RunAsync("--budget 0.05 --agent nightly --json", RunSession.Program("chat", "1"));

        Assert.Contains("($0.05 at most, less what was spent before)", again.Error, StringComparison.Ordinal);
        Assert.Equal((long)first["remaining_microcents"]!, (long)SummaryOf(again)["budget_microcents"]!);
        Assert.Equal(5_000_000 - session.Provider.Bill.TotalMicrocents, (long)SummaryOf(again)["remaining_microcents"]!);
        Assert.Equal(1, (int)SummaryOf(again)["calls"]!);
    }

    [Fact]
    public async Task Run_OfAnAgentByItsName_IsThatAgents_AndNoneWhereTwoHaveIt()
    {
        await using var session = await RunSession.StartAsync();
        await session.RunAsync("--budget 0.05 --agent other", RunSession.Program("chat", "1"));
        await using var engine = new SpendGuardEngine(
            new SqliteBudgetStore(new SqliteStoreOptions { Path = Path.Combine(session.Data, "spendguard.db") }), new Pricing.Prices(PriceBook.LoadBundled()), new SpendGuardOptions());
        var agent = (await engine.CreateAgentAsync("nightly")).Id;
        await engine.SetBudgetAsync(agent, Money.FromCents(5));

        var ran = SummaryOf(await session.RunAsync("--agent nightly --json", RunSession.Program("chat", "1")));
        Assert.Equal((agent.Value, 1), ((string?)ran["agent_id"], (int)ran["calls"]!));

        // Whoever makes up an id that another's begins with does not spend that one's money.
        var beginning = await session.RunAsync($"--agent {agent.Value[..8]}", RunSession.Program("chat", "1"));
        Assert.Equal((2, $"Agent {agent.Value[..8]} has no budget yet. Give one with --budget."), (beginning.ExitCode, beginning.Error.TrimEnd()));

        var second = (await engine.CreateAgentAsync("nightly")).Id;
        var none = await session.RunAsync("--agent nightly", RunSession.Program("chat", "1"));
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("Several agents may be meant by 'nightly': ", none.Error, StringComparison.Ordinal);
        Assert.Contains(agent.Value, none.Error, StringComparison.Ordinal);
        Assert.Contains(second.Value, none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingKey_IsSaidBeforeTheProgramStarts()
    {
        await using var session = await RunSession.StartAsync();
        foreach (var name in (string[])["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"])
        {
            session.Variables[name] = null;
        }

        var ran = await session.RunAsync("--budget 5", RunSession.Program("chat", "1"));

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("OPENAI_API_KEY", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramThatIsNotThere_Is127()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 5", "no-such-program");

        Assert.Equal(127, ran.ExitCode);
        Assert.Contains("no-such-program", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json", "--budget is needed")]
    [InlineData("--agent without-a-budget-yet", "Agent without-a-budget-yet has no budget yet.")]
    [InlineData("--budget 5 --ask --sidecar http://localhost:1", "--ask is for the sidecar inside of a run")]
    [InlineData("--budget 0", "--budget is '0'")]
    [InlineData("--budget -1", "--budget is '-1'")]
    [InlineData("--budget 1e3", "--budget is '1e3'")]
    [InlineData("--budget 0.000000001", "--budget is '0.000000001'")]
    [InlineData("--per day --budget 5", "name it with --agent")]
    [InlineData("--per week --agent x --budget 5", "--per is 'week'")]
    public async Task WrongOrders_AreTwo(string options, string sentence)
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync(options, RunSession.Program("chat", "1"));

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
    }

    private static JsonNode SummaryOf(Ran ran) => JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
}
