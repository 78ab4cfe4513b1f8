using System.Diagnostics;

namespace SpendGuard.Testing;

/// <summary>Runs a program to its end.</summary>
public static class ChildProcess
{
    /// <summary>For a program that would otherwise hang; a machine that is busy with builds is slow to start some.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(3);

    public static async Task<ProcessResult> RunAsync(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, string folder = "")
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        start.WithoutSettings();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            using var tooLong = new CancellationTokenSource(TooLong);
            var output = process.StandardOutput.ReadToEndAsync(tooLong.Token);
            var errors = process.StandardError.ReadToEndAsync(tooLong.Token);
            await process.WaitForExitAsync(tooLong.Token);
            return new ProcessResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>What a program said.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
