using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>A sidecar that gives calls in flight a second when it is asked to stop.</summary>
public sealed class HastySidecar : Sidecar
{
    protected override IReadOnlyDictionary<string, string> Changes { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_SHUTDOWNTIMEOUTSECONDS"] = "1" };
}

/// <summary>What becomes of calls in flight when the sidecar is asked to stop, or is killed.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class ShutdownTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    [Fact]
    public async Task AskedToStop_TheStreamInFlightEnds_Settled_AndNoOtherBegins()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { OutputTokens = 100, DelayBetweenEvents = TimeSpan.FromMilliseconds(20) });
        using var response = await sidecar.Http.SendAsync(
            Sidecar.CallRequest(Route.OpenAIChat, agent, Route.OpenAIChat.BodyWith("\"stream\":true")), HttpCompletionOption.ResponseHeadersRead);
        sidecar.Process.RequestStop();
        await Poll.UntilAsync(() => sidecar.Process.Output.Contains("Application is shutting down", StringComparison.Ordinal), "the shutdown's beginning");

        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal(0, await sidecar.Process.ExitAsync());
        using var late = new HttpClient { BaseAddress = sidecar.Process.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetAsync("/health"));

        await sidecar.StartAsync();
        Assert.Equal(0, (await sidecar.BudgetAsync(agent)).Number("in_flight"));
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task Killed_TheHoldStays_AndPaysForWhatIsBilled()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true, DelayBetweenEvents = TimeSpan.FromMinutes(10) });
        using var response = await sidecar.Http.SendAsync(
            Sidecar.CallRequest(Route.OpenAIChat, agent, Route.OpenAIChat.BodyWith("\"stream\":true")), HttpCompletionOption.ResponseHeadersRead);
        await sidecar.Process.KillAsync();
        await sidecar.Provider.WhenIdleAsync();

        await sidecar.StartAsync();
        var budget = await sidecar.BudgetAsync(agent);
        Assert.Equal((1, 0), (budget.Number("in_flight"), budget.Number("spent_microcents")));
        Assert.InRange(sidecar.BillOf(agent), 1, budget.Number("held_microcents"));
        (await sidecar.CallAsync(Route.OpenAIChat, agent)).Refuses(409, "Agent budget is locked by an in-flight run");
    }
}

/// <summary>As above, when what is in flight takes longer than the sidecar waits.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class HastyShutdownTests(HastySidecar sidecar) : IClassFixture<HastySidecar>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AskedToStop_TheProviderHangs_TheHoldIsSpent(bool beforeItsAnswer)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, beforeItsAnswer ? new Behaviour { Hang = true } : new Behaviour { DelayBetweenEvents = TimeSpan.FromMinutes(10) });
        var call = sidecar.Http.SendAsync(
            Sidecar.CallRequest(Route.OpenAIChat, agent, Route.OpenAIChat.BodyWith("\"stream\":true")), HttpCompletionOption.ResponseHeadersRead);
        await sidecar.UntilArrivedAsync(agent);
        if (!beforeItsAnswer)
        {
            await call;
        }

        sidecar.Process.RequestStop();
        Assert.Equal(0, await sidecar.Process.ExitAsync());
        await call.ContinueWith(_ => { }, TaskScheduler.Default);

        await sidecar.StartAsync();
        var budget = await sidecar.BudgetAsync(agent);
        Assert.Equal((0, 0), (budget.Number("in_flight"), budget.Number("held_microcents")));
        Assert.InRange(budget.Number("spent_microcents"), Math.Max(1, sidecar.BillOf(agent)), 100_000_000);
    }
}
