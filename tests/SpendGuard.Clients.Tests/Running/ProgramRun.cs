using System.Diagnostics;
using SpendGuard.Clients.Tests.Programs;

namespace SpendGuard.Clients.Tests.Running;

/// <summary>Runs a program in a clean home to its end, or for as long as one may wait for it. Nothing that it has started is left behind.</summary>
internal static class ProgramRun
{
    /// <summary>Which only a hang reaches.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    public static async Task<ProgramOutcome> RunAsync(ClientProgram program, ClientSite site)
    {
        await using var deadEnd = new DeadEnd();
        var start = program.Start(site);
        var mark = $"SUITE_RUN={Guid.NewGuid():N}";
        var info = new ProcessStartInfo(start.File, start.Arguments)
        {
            WorkingDirectory = site.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment.Clear();
        foreach (var (name, value) in Surroundings(site, deadEnd).Concat(start.Environment))
        {
            info.Environment[name] = value;
        }

        info.Environment[mark.Split('=')[0]] = mark.Split('=')[1];
        using var process = Process.Start(info)!;
        try
        {
            process.StandardInput.Close();
            using var tooLong = new CancellationTokenSource(TooLong);
            var output = Read(process.StandardOutput);
            var errors = Read(process.StandardError);
            await process.WaitForExitAsync(tooLong.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var exitCode = process.HasExited ? process.ExitCode : (int?)null;

            // What it left running may hold its output open.
            process.Kill(entireProcessTree: true);
            LeftBehind.Kill(mark);
            return new(exitCode, await output, await errors, deadEnd.Wanted);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            LeftBehind.Kill(mark);
        }
    }

    private static Task<string> Read(StreamReader reader) => Task.Run(reader.ReadToEndAsync);

    private static Dictionary<string, string> Surroundings(ClientSite site, DeadEnd deadEnd) => new(StringComparer.Ordinal)
    {
        ["HOME"] = site.Home,
        ["TMPDIR"] = site.Home,
        ["PATH"] = $"{Path.GetDirectoryName(Packages.Node)}:/usr/local/bin:/usr/bin:/bin",
        ["SHELL"] = "/bin/bash",
        ["LANG"] = "C.UTF-8",
        ["TERM"] = "dumb",
        ["NO_COLOR"] = "1",
        ["DO_NOT_TRACK"] = "1",
        ["HTTP_PROXY"] = deadEnd.Address,
        ["HTTPS_PROXY"] = deadEnd.Address,
        ["ALL_PROXY"] = deadEnd.Address,
        ["NO_PROXY"] = "127.0.0.1,localhost",
    };
}

/// <param name="ExitCode">Its exit code; null when it had to be killed.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it wrote to where errors go.</param>
/// <param name="Wanted">Where else it wanted to go.</param>
internal sealed record ProgramOutcome(int? ExitCode, string Output, string Errors, IReadOnlyList<string> Wanted)
{
    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}\n--- wanted\n{string.Join('\n', Wanted)}";
}
