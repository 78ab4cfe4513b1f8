using System.Diagnostics;
using SpendGuard.Testing;

namespace SpendGuard.SemanticKernel.Tests.Documentation;

/// <summary>The example that people run first.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class KernelExampleTests
{
    [Fact]
    public async Task Kernel_WithoutKeyIntoPipe_EndsWithTheBudgetAndAgreesWithTheBill()
    {
        var (exitCode, output) = await RunAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains("Stopped before the work was done. Insufficient budget: agent 'news-desk' has", output, StringComparison.Ordinal);
        Assert.Contains("PASSED  bill and ledger agree to the microcent, within the budget.", output, StringComparison.Ordinal);
        Assert.Contains("editor-headline", output, StringComparison.Ordinal);

        // Into a pipe go plain lines.
        Assert.DoesNotContain('\e', output);
    }

    /// <summary>Built before these tests, with the same configuration and framework.</summary>
    private static string Example()
    {
        const string Here = "tests/SpendGuard.SemanticKernel.Tests/bin";
        var folder = AppContext.BaseDirectory.Replace('\\', '/');
        var built = folder.LastIndexOf(Here, StringComparison.Ordinal);
        return Path.Combine(folder[..built], "examples/Kernel/bin" + folder[(built + Here.Length)..], "Kernel.dll");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Example()])
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
