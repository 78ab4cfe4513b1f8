using Microsoft.Extensions.Time.Testing;
using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Doctor;

/// <summary>Set-ups that are broken in one way each: the doctor names that way, says what to do, and has spent nothing.</summary>
public sealed class DoctorTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task GoodSetUp_PassesEveryCheck(string form)
    {
        await using var sidecar = await RunningSidecar.StartAsync(("CAP_PRICING_SOURCE", "bundled"));
        var agent = await sidecar.AgentWithBudgetAsync();

        var ran = await sidecar.Cli(terminal: form == "terminal").RunAsync($"doctor --model openai:gpt-4o-mini{(form == "json" ? " --json" : "")}");

        ran.Succeeded();
        Snapshot.Match(Steady.Text(ran), $"doctor-{form}");
        Assert.Empty(sidecar.Provider.Calls);
        Assert.Equal("500", (await sidecar.Cli().RunAsync($"budget get --agent {agent}")).Value("remaining_cents"));
    }

    [Fact]
    public async Task SignedPrices_AreSaidToBeVerified()
    {
        using var prices = new PriceFile(DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await using var sidecar = await RunningSidecar.StartAsync(prices.Settings);
        await sidecar.AgentWithBudgetAsync();

        var ran = await sidecar.Cli().RunAsync("doctor");

        Assert.StartsWith("ok verified: ", ran.Value("prices"), StringComparison.Ordinal);
        Assert.Contains("openai:gpt-4o-mini and given back", ran.Value("dry_run"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PricesThatCannotBeLookedUpAnyMore_AreAWarningWhileTheyServe()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var prices = new PriceFile(time.GetUtcNow(), TimeSpan.FromHours(1));
        await using var sidecar = await RunningSidecar.StartAsync(time, prices.Settings);
        await sidecar.AgentWithBudgetAsync();
        prices.Dispose();

        var ran = await UntilAsync(time, () => sidecar.Cli().RunAsync("doctor"), ran => ran.Output.Contains("prices=warning", StringComparison.Ordinal));

        Assert.Contains("The last look-up failed: ", ran.Value("prices"), StringComparison.Ordinal);
        Assert.Contains("See to it before ", ran.Output, StringComparison.Ordinal);
        Assert.Contains("'spendguard prices serve', or CAP_PRICING_SOURCE=bundled", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingListens() => AssertFault(
        await new Cli().RunAsync("doctor --base-url http://127.0.0.1:1"), "reachable", "Nothing answers at http://127.0.0.1:1", "'spendguard sidecar'");

    [Theory]
    [InlineData(200, "text/html", "<html>")]
    [InlineData(404, "text/plain", "no")]
    [InlineData(200, "application/json", """{"status":"starting"}""")]
    public async Task SomethingElseListens(int status, string type, string body)
    {
        await using var other = await ErrorExitTests.OtherServerAsync(status, type, body);

        AssertFault(await new Cli().RunAsync($"doctor --base-url {other.Urls.Single()}"), "healthy", "does not say that it is a healthy sidecar", "--base-url");
    }

    [Fact]
    public async Task StoreCannotBeUsed()
    {
        await using var sidecar = await RunningSidecar.StartAsync(("CAP_SQLITE_PATH", "/dev/null/budget.db"));

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "ready", "The store cannot commit.", "start the sidecar again");
    }

    [Fact]
    public async Task PricesHaveExpired()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var prices = new PriceFile(time.GetUtcNow(), TimeSpan.FromMinutes(30));
        await using var sidecar = await RunningSidecar.StartAsync(time, prices.Settings);
        time.Advance(TimeSpan.FromHours(1));

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "ready", "have expired", "Mend what is named first");

        prices.Dispose();
        var ran = await UntilAsync(time, () => sidecar.Cli().RunAsync("doctor"), ran => ran.Output.Contains("The last look-up failed", StringComparison.Ordinal));
        AssertFault(ran, "ready", "have expired", "'spendguard prices serve', or CAP_PRICING_SOURCE=bundled");
    }

    [Fact]
    public async Task NoProviderHasAKey()
    {
        await using var sidecar = await RunningSidecar.StartAsync(
            ("OPENAI_API_KEY", null), ("XAI_API_KEY", null), ("GEMINI_API_KEY", null), ("ANTHROPIC_API_KEY", null));

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "ready", "No provider has a key. Set at least one of OPENAI_API_KEY", "Mend");
    }

    [Fact]
    public async Task SignaturesAreNotLookedAt()
    {
        using var prices = new PriceFile(DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await using var sidecar = await RunningSidecar.StartAsync([.. prices.Settings, ("CAP_PRICING_VERIFY_SIGNATURE", "false")]);

        AssertFault(
            await sidecar.Cli().RunAsync("doctor"), "prices", "without a look at their signature", "Leave CAP_PRICING_VERIFY_SIGNATURE out");
    }

    [Theory]
    [InlineData(-5, "ahead of")]
    [InlineData(5, "behind")]
    public async Task ClocksAreApart(int minutes, string how)
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var cli = new Cli { Variables = { ["CAP_BASE_URL"] = sidecar.Address }, Time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(minutes)) };

        AssertFault(await cli.RunAsync("doctor"), "clock", $"5 min {how} this machine's", "time server");
    }

    [Fact]
    public async Task KeyOfTheModelsProviderIsMissing()
    {
        await using var sidecar = await RunningSidecar.StartAsync(("XAI_API_KEY", null));

        AssertFault(await sidecar.Cli().RunAsync("doctor --model grok:grok-4.7"), "keys", "The sidecar has no key of grok.", "Set XAI_API_KEY");
    }

    [Fact]
    public async Task KeyOfTheProviderThatIsAskedForIsMissing_AndOfNoneElse()
    {
        await using var sidecar = await RunningSidecar.StartAsync(("XAI_API_KEY", null));
        await sidecar.AgentWithBudgetAsync();

        AssertFault(await sidecar.Cli().RunAsync("doctor --provider grok"), "keys", "The sidecar has no key of grok.", "Set XAI_API_KEY");
        AssertFault(await sidecar.Cli().RunAsync("doctor --provider grog"), "keys", "The sidecar has no provider 'grog'.", "Name one of openai, grok, ");
        var ran = await sidecar.Cli().RunAsync("doctor");
        Assert.Matches("^ok openai: key accepted, [0-9]+ ms; gemini: key accepted, [0-9]+ ms; anthropic: key accepted, [0-9]+ ms$", ran.Value("providers"));
        Assert.Contains(" held for anthropic:", (await sidecar.Cli().RunAsync("doctor --provider anthropic")).Value("dry_run"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic", SidecarFixture.AnthropicKey, "anthropic: key refused with HTTP 401, ", "Set ANTHROPIC_API_KEY for the sidecar to a key that anthropic takes")]
    [InlineData("gemini", SidecarFixture.GeminiKey, "gemini: key refused with HTTP 400, ", "Set GEMINI_API_KEY for the sidecar to a key that gemini takes")]
    public async Task KeyIsRefused(string provider, string key, string sentence, string remedy)
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        await sidecar.AgentWithBudgetAsync();
        sidecar.Provider.RefusedKeys.Add(key);

        AssertFault(await sidecar.Cli().RunAsync($"doctor --provider {provider}"), "providers", sentence, remedy);
        var ran = await sidecar.Cli().RunAsync("doctor");
        Assert.StartsWith("warning openai: key accepted, ", ran.Value("providers"), StringComparison.Ordinal);
        Assert.Contains(sentence, ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, ran.ToString(), StringComparison.Ordinal);
        Assert.Empty(sidecar.Provider.Calls);
    }

    [Fact]
    public async Task ProviderCannotBeReached()
    {
        await using var sidecar = await RunningSidecar.StartAsync(
            ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), ("XAI_API_KEY", null), ("GEMINI_API_KEY", null), ("ANTHROPIC_API_KEY", null));

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "providers", "openai: unreachable (Connection refused (127.0.0.1:1)), ", "the base URL of openai");
    }

    [Fact]
    public async Task ProviderIsAtAnotherAddress()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        await using var elsewhere = await RunningSidecar.StartAsync(("OPENAI_BASE_URL", sidecar.Provider.BaseAddress + "nowhere"));

        AssertFault(await elsewhere.Cli().RunAsync("doctor --provider openai"), "providers", "openai: answered with HTTP 404, ", "the base URL of openai");
    }

    [Fact]
    public async Task ControlRoutesAskForAKey()
    {
        await using var sidecar = await RunningSidecar.StartAsync(("CAP_ADMIN_KEY", "a-key-of-the-administrators-only"));
        var cli = sidecar.Cli();

        AssertFault(await cli.RunAsync("doctor"), "agent", "HTTP 401: Missing API key.", "--api-key");

        var keyed = await cli.RunAsync("doctor --api-key a-key-of-the-administrators-only");
        AssertFault(keyed, "agent", "There are no agents.", "spendguard bootstrap");
    }

    [Fact]
    public async Task ThereAreNoAgents()
    {
        await using var sidecar = await RunningSidecar.StartAsync();

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "agent", "There are no agents.", "spendguard bootstrap --name my-agent --limit 500");
    }

    [Fact]
    public async Task AgentIsNotThere()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        await sidecar.AgentWithBudgetAsync();
        var cli = sidecar.Cli();
        cli.Variables["SPENDGUARD_AGENT_ID"] = "nobody";

        AssertFault(await cli.RunAsync("doctor"), "agent", "There is no agent 'nobody'.", "spendguard agent list");
    }

    [Fact]
    public async Task AgentHasNoBudget()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "budget", "has no budget", $"spendguard budget set --agent {agent} --limit 500");
    }

    [Fact]
    public async Task AgentIsPaused()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();
        await sidecar.Engine.SetBudgetAsync(agent, Money.FromDollars(5));
        await sidecar.Engine.PauseAsync(agent, "enough", by: "alice");

        AssertFault(await sidecar.Cli().RunAsync("doctor"), "budget", $"The agent {agent} is paused by alice: enough.", $"spendguard resume {agent}");
    }

    [Fact]
    public async Task AgentHasNoBudget_AndLivesUnderAGroupsLimit()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = new AgentId(await sidecar.NamedAgentAsync());
        await sidecar.Engine.CreateGroupAsync("team-red");
        await sidecar.Engine.MoveAsync(agent, under: "team-red");
        await sidecar.Engine.SetLimitAsync("team-red", Limit.PerMonth(Money.FromDollars(5), "Europe/Berlin").ThatPauses());

        var ran = await sidecar.Cli().RunAsync("doctor");
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("$5.00 of $5.00 left in month Europe/Berlin of group team-red; the agent has no budget of its own", ran.Output, StringComparison.Ordinal);

        await sidecar.Engine.PauseAsync("team-red", "enough", by: "alice");
        AssertFault(await sidecar.Cli().RunAsync("doctor"), "budget", "The group team-red is paused by alice: enough.", "spendguard resume team-red");

        await sidecar.Engine.ResumeAsync("team-red");
        await sidecar.Engine.SetLimitAsync("team-red", Limit.PerMonth(Money.Zero, "Europe/Berlin").ThatPauses());
        AssertFault(
            await sidecar.Cli().RunAsync("doctor"), "budget", "nothing of $0.00 is left.",
            "spendguard limit set team-red --per month --zone Europe/Berlin --pauses --amount-cents CENTS");
    }

    [Fact]
    public async Task BudgetIsOverdrawn()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.AgentWithBudgetAsync(cents: 1);
        sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 1_000_000, IgnoreCap = true };
        Assert.Equal(200, await sidecar.ChatAsync(agent));

        AssertFault(await sidecar.Cli().RunAsync($"doctor --agent {agent}"), "budget", "The budget is overdrawn", "Top it up");
    }

    [Fact]
    public async Task BudgetIsLocked()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.AgentWithBudgetAsync();
        var ran = new TaskCompletionSource<Ran>();
        sidecar.Provider.OnArrival = async _ => ran.SetResult(await sidecar.Cli().RunAsync("doctor"));

        Assert.Equal(200, await sidecar.ChatAsync(agent));

        AssertFault(await ran.Task, "budget", "The budget is locked: 1 of at most 1 calls are in flight.", "--max-in-flight");
    }

    [Fact]
    public async Task ModelHasNoPrice()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.AgentWithBudgetAsync();

        AssertFault(
            await sidecar.Cli().RunAsync("doctor --model openai:gpt-none"), "dry_run", "HTTP 400: Unknown model for pricing: openai:gpt-none", "price document");
        Assert.Equal("500", (await sidecar.Cli().RunAsync($"budget get --agent {agent}")).Value("remaining_cents"));
        Assert.Empty(sidecar.Provider.Calls);
    }

    [Fact]
    public async Task Model_OfNoForm_IsAUsageError() => Assert.Equal(2, (await new Cli().RunAsync("doctor --model gpt-4o")).ExitCode);

    private static void AssertFault(Ran ran, string check, string sentence, string remedy)
    {
        Assert.Equal((1, ""), (ran.ExitCode, ran.Error));
        var lines = ran.Output.TrimEnd().Split('\n');
        var found = Assert.Single(lines, line => line.Contains("=fault ", StringComparison.Ordinal));
        Assert.StartsWith(check + "=fault ", found, StringComparison.Ordinal);
        Assert.Contains(sentence, found, StringComparison.Ordinal);
        Assert.StartsWith("remedy=", lines[^1], StringComparison.Ordinal);
        Assert.Contains(remedy, lines[^1], StringComparison.Ordinal);
    }

    private static async Task<Ran> UntilAsync(FakeTimeProvider time, Func<Task<Ran>> run, Func<Ran, bool> reached)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            time.Advance(TimeSpan.FromMinutes(1) / 10);
            if (await run() is { } ran && reached(ran))
            {
                return ran;
            }

            timeout.Token.ThrowIfCancellationRequested();
        }
    }
}
