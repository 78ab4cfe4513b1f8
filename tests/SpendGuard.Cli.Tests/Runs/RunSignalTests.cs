using System.Text.Json.Nodes;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

[Trait(Traits.Category, Traits.Slow)]
public sealed class RunSignalTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_IsPassedOn_AndTheSummaryComesAfterTheProgramsEnd(string signal)
    {
        await using var session = await RunSession.StartAsync();
        await using var run = session.StartRun("--budget 1", RunSession.Program("chat", "1", "end-on", signal, "9"));

        await run.UntilAsync("waits");
        await run.SendAsync(signal);
        var ran = await run.EndAsync();

        Assert.Equal(9, ran.ExitCode);
        Assert.Contains($"got SIG{signal}", ran.Output, StringComparison.Ordinal);
        Assert.Contains("in 1 call, of $1.00", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramThatASignalEnds_Is128AndTheSignal()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 1", "sh", "-c", "kill -KILL $$");

        Assert.Equal(128 + 9, ran.ExitCode);
    }

    [Fact]
    public async Task CallThatTheProgramLeavesBehind_IsSettledBeforeTheSummary()
    {
        await using var session = await RunSession.StartAsync();
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        session.Provider.OnArrival = async _ =>
        {
            arrived.TrySetResult();
            await goOn.Task;
        };
        await using var run = session.StartRun("--budget 1 --json", RunSession.Program("chat", "1"));

        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await run.SendAsync("TERM");
        goOn.SetResult();
        var ran = await run.EndAsync();

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.Equal(128 + 15, ran.ExitCode);
        Assert.Equal((1, 0L), ((int)summary["calls"]!, (long)summary["still_held_microcents"]!));
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)summary["charged_microcents"]!);
    }

    [Fact]
    public async Task RunThatIsKilled_LosesNothing_AndRunsSaysSo()
    {
        await using var session = await RunSession.StartAsync();
        var third = new TaskCompletionSource();
        var arrivals = 0;
        session.Provider.OnArrival = _ =>
        {
            if (Interlocked.Increment(ref arrivals) < 3)
            {
                return Task.CompletedTask;
            }

            third.TrySetResult();
            return Task.Delay(Timeout.Infinite);
        };
        await using var run = session.StartRun("--budget 1 --agent nightly", RunSession.Program("chat", "3"));
        await third.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await run.SendAsync("KILL");
        await run.EndAsync();

        var past = JsonNode.Parse((await session.SpendGuardAsync("runs", "--json")).Succeeded())!["runs"]![0]!;
        Assert.Equal(("killed", "nightly", 3), ((string)past["state"]!, (string)past["agent_id"]!, (int)past["calls"]!));
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)past["charged_microcents"]!);
        Assert.True((long)past["still_held_microcents"]! > 0);
    }

    [Fact]
    public async Task TwoAtOnceOnOneAgent_ShareItsBudget_AndEachCountsItsOwn()
    {
        await using var session = await RunSession.StartAsync();

        var both = await Task.WhenAll(
            session.RunAsync("--budget 1 --agent shared --json", RunSession.Program("chat-at-once", "8")),
            session.RunAsync("--budget 1 --agent shared --json", RunSession.Program("chat", "4")));

        var summaries = both.Select(ran => JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!).ToList();
        Assert.Equal([8, 4], summaries.Select(summary => (int)summary["calls"]!));
        Assert.Equal(session.Provider.Bill.TotalMicrocents, summaries.Sum(summary => (long)summary["charged_microcents"]!));
        var left = JsonNode.Parse((await session.RunAsync("--agent shared --json", RunSession.Program())).Error.TrimEnd().Split('\n')[^1])!;
        Assert.Equal(100_000_000 - session.Provider.Bill.TotalMicrocents, (long)left["remaining_microcents"]!);
    }
}
