using System.Diagnostics;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>The first thing that anyone runs.</summary>
public sealed class QuickstartTests
{
    // Built before these tests, with the same configuration and framework.
    private static readonly string Quickstart = Path.Combine(
        Repository.Path("examples", "Quickstart", "bin"),
        Path.GetRelativePath(Repository.Path("tests", "SpendGuard.Extensions.AI.Tests", "bin"), AppContext.BaseDirectory),
        "Quickstart.dll");

    [Fact]
    public async Task Quickstart_WithoutKeyIntoPipe_RefusesAndAgreesWithTheBill()
    {
        var (exitCode, output) = await RunAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains("refused before it was sent (InsufficientBudgetException)", output, StringComparison.Ordinal);
        Assert.Contains("PASSED  bill and ledger agree to the microcent, within the budget.", output, StringComparison.Ordinal);

        // Into a pipe go plain lines: no colours, nothing written over.
        Assert.DoesNotContain('\e', output);
        Assert.DoesNotContain("in flight", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Quickstart])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("OPENAI_API_KEY");
        using var process = Process.Start(start)!;
        try
        {
            // The loop never ends unless the budget ends it; a minute is for a test that would otherwise hang.
            using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
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
