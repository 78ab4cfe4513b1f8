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

    [Fact]
    public async Task AgentTeam_OneRunsDry_TheOthersFinishAndEachLedgerIsItsBill()
    {
        var (exitCode, output) = await RunAsync("AgentTeam");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Insufficient budget: agent 'statistician'", output, StringComparison.Ordinal);
        Assert.Contains("PASSED  one agent ran dry, the others finished", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string example)
    {
        // Built before these tests, with the same configuration and framework.
        var program = Path.Combine(
            Repository.Path("examples", example, "bin"),
            Path.GetRelativePath(Repository.Path("tests", "SpendGuard.Extensions.AI.Tests", "bin"), AppContext.BaseDirectory),
            example + ".dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("OPENAI_API_KEY");
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
