using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>What a person sees of a run on a terminal, and answers there.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class RunTerminalTests
{
    private const string KeepsTitle = "\u001b[22;0t";
    private const string BringsTitleBack = "\u001b[23;0t";
    private const string Title = "\u001b]0;";

    [Fact]
    public async Task Question_IsAsked_TheCallWaits_AndGoesOnWithTheAnswer()
    {
        await using var session = await RunSession.StartAsync();
        session.Provider.Behaviour = new() { GenerateToTheCap = true };
        await using var run = session.StartRunOnTerminal("--budget 0.01 --ask --json", RunSession.Program("chat-until-refused"));

        await run.UntilAsync("Enter for no) ", times: 1);
        var before = session.Provider.Bill.TotalMicrocents;
        await run.TypeAsync("plenty");
        await run.UntilAsync("'plenty' is no amount", times: 1);
        await run.TypeAsync("0.02");
        await run.UntilAsync("Enter for no) ", times: 3);
        await run.TypeAsync("y");
        await run.UntilAsync("Enter for no) ", times: 4);
        await run.TypeAsync("");
        var ran = await run.EndAsync();

        var summary = JsonNode.Parse(ran.Output.Split('\n').Single(line => line.StartsWith("{\"run\"", StringComparison.Ordinal)))!;
        Assert.Contains("raised by $0.02", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"402 at call {session.Provider.Calls.Count + 1}", ran.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), (ran.ExitCode, (int)summary["refused"]!));
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)summary["charged_microcents"]!);
        Assert.InRange(before, 1, 1_000_000);
        Assert.InRange(session.Provider.Bill.TotalMicrocents, 2_000_000, 3_100_000);
    }

    [Fact]
    public async Task Title_TellsWhatIsSpent_AndIsAsBeforeAtTheEnd()
    {
        await using var session = await RunSession.StartAsync();
        await using var run = session.StartRunOnTerminal("--budget 1", RunSession.Program("chat", "3"));
        var ran = await run.EndAsync();

        var shown = ran.Output.Split(Title)[1..].Select(title => title[..title.IndexOf('\a', StringComparison.Ordinal)]).ToList();
        Assert.Equal("dotnet: $0.00 of $1.00 spent", shown[0]);
        Assert.Equal($"dotnet: {Money.FromMicrocents(session.Provider.Bill.TotalMicrocents)} of $1.00 spent", shown[^1]);
        Assert.InRange(ran.Output.IndexOf(KeepsTitle, StringComparison.Ordinal), 0, ran.Output.IndexOf(Title, StringComparison.Ordinal));
        Assert.InRange(ran.Output.IndexOf(BringsTitleBack, StringComparison.Ordinal), ran.Output.LastIndexOf(Title, StringComparison.Ordinal), int.MaxValue);
    }

    [Fact]
    public async Task Title_OfASecondRun_TellsWhatThatOneSpent()
    {
        await using var session = await RunSession.StartAsync();
        await session.RunAsync("--budget 1 --agent nightly", RunSession.Program("chat", "1"));
        var before = session.Provider.Bill.TotalMicrocents;

        await using var run = session.StartRunOnTerminal("--budget 1 --agent nightly", RunSession.Program("chat", "1"));
        var ran = await run.EndAsync();

        var (spent, had) = (Money.FromMicrocents(session.Provider.Bill.TotalMicrocents - before), Money.FromMicrocents(100_000_000 - before));
        Assert.Contains($"{Title}dotnet: {Money.Zero} of {had} spent\a", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"{Title}dotnet: {spent} of {had} spent\a", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Title_OfASidecarThatRunsAlready_FollowsTheBudget()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        await using var session = await RunSession.StartAsync();
        await using var run = session.StartRunOnTerminal($"--budget 1 --agent nightly --sidecar {sidecar.Address}", RunSession.Program("chat", "1", "hang"));

        await run.UntilAsync("hangs");
        var spent = (await sidecar.BudgetAsync("nightly"))!.Spent;
        await run.UntilAsync($"{Title}dotnet: {Money.FromMicrocents(spent)} of $1.00 spent");
        Assert.True(spent > 0);
    }

    /// <summary>It would stand in the midst of what the program says.</summary>
    [Fact]
    public async Task Title_IsForTerminalsOnly()
    {
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync("--budget 1", RunSession.Program("chat", "1"));

        Assert.DoesNotContain("\u001b", ran.Output + ran.Error, StringComparison.Ordinal);
    }
}
