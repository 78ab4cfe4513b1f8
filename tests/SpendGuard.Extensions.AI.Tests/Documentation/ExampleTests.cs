using System.Diagnostics;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>The first things that anyone runs.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class ExampleTests
{
    [Fact]
    public async Task Quickstart_WithoutKeyIntoPipe_RefusesAndAgreesWithTheBill()
    {
        var (exitCode, output) = await RunAsync("Quickstart");

        Assert.True(exitCode == 0, output);
        Assert.Contains("refused before it was sent (InsufficientBudgetException)", output, StringComparison.Ordinal);
        Assert.Contains("PASSED  bill and ledger agree to the microcent, within the budget.", output, StringComparison.Ordinal);

        // Into a pipe go plain lines: no colours, nothing written over.
        Assert.DoesNotContain('\e', output);
        Assert.DoesNotContain("in flight", output, StringComparison.Ordinal);
    }

    /// <summary>The picture in the README. Where it differs on purpose, run the test once with <c>UPDATE_PICTURE=1</c>, and look at it.</summary>
    [Fact]
    public async Task Quickstart_InTerminal_IsThePictureOfTheReadme()
    {
        const int columns = 80;
        var (exitCode, output) = await RunAsync(
            "script", ["--quiet", "--return", "--command", $"stty cols {columns} rows 50; dotnet '{ProgramOf("Quickstart")}'", "/dev/null"]);

        Assert.True(exitCode == 0, output);
        var picture = TerminalPicture.Of(
            "$ dotnet run --project examples/Quickstart\n" + output, columns, "A runaway agent is refused its fifteenth call; bill and ledger agree to the microcent");
        var path = Repository.Path("examples", "Quickstart", "terminal.svg");
        if (Environment.GetEnvironmentVariable("UPDATE_PICTURE") == "1")
        {
            await File.WriteAllTextAsync(path, picture);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), picture);
        Assert.Contains("](examples/Quickstart/terminal.svg)", await File.ReadAllTextAsync(Repository.Path("README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentTeam_OneRunsDry_TheOthersFinishAndEachLedgerIsItsBill()
    {
        var (exitCode, output) = await RunAsync("AgentTeam");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Insufficient budget: agent 'statistician'", output, StringComparison.Ordinal);
        Assert.Contains("PASSED  one agent ran dry, the others finished", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string example) => RunAsync("dotnet", [ProgramOf(example)]);

    /// <summary>Built before these tests, with the same configuration and framework.</summary>
    private static string ProgramOf(string example) => Path.Combine(
        Repository.Path("examples", example, "bin"),
        Path.GetRelativePath(Repository.Path("tests", "SpendGuard.Extensions.AI.Tests", "bin"), AppContext.BaseDirectory),
        example + ".dll");

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("OPENAI_API_KEY");

        // For what is run in a terminal: one of 256 colours, as most are.
        start.Environment["TERM"] = "xterm-256color";
        foreach (var name in (string[])["COLORTERM", "NO_COLOR"])
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        try
        {
            // The loop never ends unless the budget ends it; the time is for a test that would otherwise hang.
            using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            var output = process.StandardOutput.ReadToEndAsync(tooLong.Token);
            var errors = process.StandardError.ReadToEndAsync(tooLong.Token);
            await process.WaitForExitAsync(tooLong.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
