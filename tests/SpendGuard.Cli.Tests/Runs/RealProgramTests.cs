using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider.Agents;
using Xunit.Abstractions;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>The programs that people use, as they come, each in a loop that does not end by itself.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Clients)]
public sealed class RealProgramTests(ITestOutputHelper output)
{
    /// <summary>Writes down all that a program has been given: its environment, the arguments of all that started it, and the files of the run.</summary>
    private const string Look = """
        env > environment
        process=$$
        while [ "$process" -gt 1 ]; do
          tr '\0' '\n' < "/proc/$process/cmdline"
          process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status")
        done > arguments
        [ -d files ] || cp -rL "$XDG_DATA_HOME/spendguard/runs" files
        """;

    [Theory]
    [InlineData("0.40", "claude", "-p", "Begin.", "--dangerously-skip-permissions")]
    [InlineData("0.40", "codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "Begin.")]
    [InlineData("0.40", "gemini", "-p", "Begin.", "--yolo")]
    [InlineData("0.40", "opencode", "run", "-m", "openai/gpt-5.6", "Begin.")]
    [InlineData("1.50", "qwen", "-m", "gpt-5.6", "-p", "Begin.", "--yolo")]
    [InlineData("0.40", "cn", "-p", "Begin.", "--auto")]
    public async Task Program_StopsWithinItsBudget_AndNeverSeesARealKey(string dollars, params string[] command)
    {
        var budget = Money.FromDollars(decimal.Parse(dollars, CultureInfo.InvariantCulture)).Microcents;
        await using var session = await RealPrograms.StartAsync();
        session.Write("look.sh", Look);
        session.Provider.ForRequest = new ScriptedAgent(session.Home) { NeverEnds = true, Command = $"(cd '{session.Home}' && sh look.sh); " }.Behave;

        var ran = await session.RunAsync($"--budget {dollars} --json", command);

        output.WriteLine(ran.ToString());
        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        var bill = session.Provider.Bill.TotalMicrocents;
        Assert.InRange(bill, 1, budget);
        Assert.True((bool)summary["ran_out"]!, ran.ToString());
        Assert.True((int)summary["refused"]! > 0, ran.ToString());
        Assert.True((int)summary["calls"]! > 1, ran.ToString());

        // Gemini CLI asks a model beside its own whether it goes in circles, which is not here; that costs nothing, and lets it go on.
        Assert.Equal(session.Provider.Calls.Count(call => !call.Counts), (int)summary["calls"]!);
        Assert.Equal((bill, budget - bill, 0L), (Microcents("charged"), Microcents("remaining"), Microcents("still_held")));
        Assert.Equal(bill, Microcents("held") - Microcents("given_back"));
        Assert.Equal(bill, summary["models"]!.AsArray().Sum(model => (long)model!["charged_microcents"]!));
        Assert.Equal(ran.ExitCode, (int)summary["exit_code"]!);
        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains("Insufficient budget", ran.Output + ran.Error, StringComparison.Ordinal);

        Assert.Contains("sk_spendguard_", await File.ReadAllTextAsync(Path.Combine(session.Home, "environment")), StringComparison.Ordinal);
        Assert.Contains("SpendGuard.Cli.dll", await File.ReadAllTextAsync(Path.Combine(session.Home, "arguments")), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(session.Home, "files")));
        Assert.Empty(FilesWith(RunSession.Real, session.Home));

        long Microcents(string name) => (long)summary[name + "_microcents"]!;
    }

    /// <summary>What a first question takes with such a model is more than that: it is refused whole, and said.</summary>
    [Fact]
    public async Task Program_WhoseFirstCallIsMoreThanItsBudget_CostsNothing()
    {
        await using var session = await RealPrograms.StartAsync();
        session.Provider.ForRequest = new ScriptedAgent(session.Home).Behave;

        var ran = await session.RunAsync("--budget 0.05 --json", "claude", "-p", "Begin.", "--dangerously-skip-permissions");

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.True((bool)summary["ran_out"]!, ran.ToString());
        Assert.Equal((0, 0), ((int)summary["charged_microcents"]!, session.Provider.Bill.TotalMicrocents));
        Assert.NotEqual(0, ran.ExitCode);
    }

    /// <summary>All that is in the home by then: the program's own files, the ledger, the record and the log of the run, and what was looked at.</summary>
    private static IEnumerable<string> FilesWith(string text, string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => File.ReadAllText(file, Encoding.Latin1).Contains(text, StringComparison.Ordinal));
}
