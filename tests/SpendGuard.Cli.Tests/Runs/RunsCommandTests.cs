using System.Text.Json.Nodes;
using SpendGuard.Clients.Tests.Running;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

[Trait(Traits.Category, Traits.Slow)]
public sealed class RunsCommandTests
{
    /// <summary>A program that does not keep the streams of what started it.</summary>
    private const string Sleeps = "exec sleep 300 > /dev/null 2>&1";

    [Fact]
    public async Task Runs_AreListedAndSummed()
    {
        await using var session = await RunSession.StartAsync();
        Assert.Equal("(no runs)\n", (await session.SpendGuardAsync("runs")).Succeeded());
        await session.RunAsync("--budget 1 --agent nightly", RunSession.Program("chat", "2"));
        await session.RunAsync("--budget 1", RunSession.Program("chat", "1", "exit", "3"));

        var list = JsonNode.Parse((await session.SpendGuardAsync("runs", "--json")).Succeeded())!["runs"]!.AsArray();
        Assert.Equal([("ended", 0, 2), ("ended", 3, 1)], list.Select(run => ((string)run!["state"]!, (int)run["exit_code"]!, (int)run["calls"]!)));
        Assert.Equal(session.Provider.Bill.TotalMicrocents, list.Sum(run => (long)run!["charged_microcents"]!));

        foreach (var (by, key) in ((string, string)[])[("program", "dotnet"), ("model", "openai:gpt-4o-mini"), ("day", $"{DateTime.Now:yyyy-MM-dd}")])
        {
            var total = JsonNode.Parse((await session.SpendGuardAsync("runs", "--by", by, "--json")).Succeeded())!["totals"]!.AsArray().Single()!;
            Assert.Equal((key, 2, 3, session.Provider.Bill.TotalMicrocents), ((string)total[by]!, (int)total["runs"]!, (int)total["calls"]!, (long)total["charged_microcents"]!));
        }
    }

    /// <summary>What a killed run gave its program to read has a key in it, and is there until the next run or list; that of a run under way stays.</summary>
    [Theory]
    [InlineData("runs")]
    [InlineData("run --budget 1 -- true")]
    public async Task FilesOfAKilledRun_AreRemovedByTheNextCommand(string next)
    {
        await using var session = await RunSession.StartAsync();
        var mark = Guid.NewGuid().ToString("N");
        session.Variables["SUITE_RUN"] = mark;
        await using var killed = session.StartRun("--budget 1", "sh", "-c", Sleeps);
        await using var running = session.StartRun("--budget 1", "sh", "-c", Sleeps);
        await Eventually.HoldsAsync(() => Task.FromResult(Files().Length == 2));
        await killed.SendAsync("KILL");
        await killed.EndAsync();
        Assert.Equal(2, Files().Length);

        await session.SpendGuardAsync(next.Split(' '));

        Assert.Single(Files());
        LeftBehind.Kill($"SUITE_RUN={mark}");

        string[] Files()
        {
            var records = Path.Combine(session.Data, "runs");
            return Directory.Exists(records) ? Directory.GetDirectories(records, "*.files") : [];
        }
    }

    /// <summary>What people call an agent is that agent, and not the id of another with a budget of its own.</summary>
    [Fact]
    public async Task RunThroughAnotherSidecar_OfAnAgentByItsName_IsThatAgents()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        await using var session = await RunSession.StartAsync();
        (await sidecar.Cli().RunAsync("bootstrap --name nightly --limit 100 --key")).Succeeded();

        var none = await session.RunAsync($"--agent nightl --sidecar {sidecar.Address}", RunSession.Program("chat", "1"));
        var ran = await session.RunAsync($"--agent nightly --sidecar {sidecar.Address} --json", RunSession.Program("chat", "1"));

        Assert.Equal((2, "Agent nightl has no budget yet. Give one with --budget."), (none.ExitCode, none.Error.TrimEnd()));
        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.Equal(100_000_000 - sidecar.Provider.Bill.TotalMicrocents, (long)summary["remaining_microcents"]!);
        var beginning = await session.RunAsync($"--agent {((string)summary["agent_id"]!)[..8]} --sidecar {sidecar.Address}", RunSession.Program("chat", "1"));
        Assert.Equal(2, beginning.ExitCode);
        Assert.Contains("has no budget yet", beginning.Error, StringComparison.Ordinal);
        var agent = JsonNode.Parse((await sidecar.Cli().RunAsync("agent list --json")).Succeeded())!["agents"]!.AsArray().Single()!;
        Assert.Equal(((string?)agent["agent_id"], "nightly"), ((string?)summary["agent_id"], (string?)agent["name"]));
    }

    [Fact]
    public async Task RunThroughAnotherSidecar_IsCountedAndItsKeyRevoked()
    {
        await using var sidecar = await RunningSidecar.StartAsync(("CAP_ADMIN_KEY", "the-admin-key"), ("SPENDGUARD_REQUIRE_KEYS", "true"));
        await using var session = await RunSession.StartAsync();

        var ran = await session.RunAsync(
            $"--budget 1 --agent nightly --sidecar {sidecar.Address} --api-key the-admin-key --json",
            RunSession.Program("chat", "2", "variables-with", "the-admin-key", "variables-with", "sk_spendguard_"));

        Assert.StartsWith("200\n200\nvariables: \nvariables: ", ran.Output, StringComparison.Ordinal);
        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.Equal((2, sidecar.Provider.Bill.TotalMicrocents), ((int)summary["calls"]!, (long)summary["charged_microcents"]!));
        var keys = await new Cli { Variables = { ["CAP_BASE_URL"] = sidecar.Address, ["CAP_API_KEY"] = "the-admin-key" } }.RunAsync("key list --agent nightly --json");
        Assert.NotNull(JsonNode.Parse(keys.Succeeded())!["keys"]!.AsArray().Single()!["revoked_at"]);
        var past = JsonNode.Parse((await session.SpendGuardAsync("runs", "--json")).Succeeded())!["runs"]![0]!;
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, (long)past["charged_microcents"]!);
    }
}
