using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Somebody at a terminal, in a session: each command is typed when the one before it is done.</summary>
/// <remarks>What is filled in by the conventions of <see cref="PageScript"/> is filled in, and stands in the transcript as it is printed.</remarks>
internal sealed partial class Terminal(PageSession session, int columns = 120) : IAsyncDisposable
{
    private const int MillisecondsAtMost = 60_000;

    private readonly List<Process> _started = [];
    private int _typed;

    public Transcript Transcript { get; } = new();

    /// <summary>Types all of a block, a line at a time.</summary>
    public async Task TypeAsync(ShellBlock block)
    {
        foreach (var line in PageScript.Printed(block).Where(line => line.Length > 0))
        {
            await TypeAsync(line);
        }
    }

    /// <summary>Writes a file of the session's folder, in an editor.</summary>
    public async Task WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(session.Work, file), text);
        Transcript.Add("$EDITOR " + file, text, exitCode: 0, TimeSpan.Zero);
    }

    public Task TypeAsync(string printed) => TypeAsync(printed, PageScript.Line(printed));

    /// <param name="printed">What stands in the transcript.</param>
    /// <param name="line">What is run.</param>
    public async Task TypeAsync(string printed, string line)
    {
        if (line.StartsWith("serve ", StringComparison.Ordinal))
        {
            var draws = line.Contains(" watch", StringComparison.Ordinal);
            await ServeAsync(printed, line["serve ".Length..], untilIt: draws ? Redraw() : Invitation());
            return;
        }

        var clock = Stopwatch.StartNew();
        using var process = Start(line);
        var output = Plain(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        Transcript.Add(printed, output, process.ExitCode, clock.Elapsed);
        if (Key().Matches(output) is [.., var key])
        {
            session.Set("API_KEY", key.Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>What serves until it is stopped: in another window, as long as the terminal is there.</summary>
    /// <param name="printed">What stands in the transcript.</param>
    /// <param name="line">What is run.</param>
    /// <param name="untilIt">Where the output is there of which the transcript has what comes before.</param>
    private async Task ServeAsync(string printed, string line, Regex untilIt)
    {
        var clock = Stopwatch.StartNew();
        var process = Start("exec env " + line);
        _started.Add(process);
        var output = new StringBuilder();
        var buffer = new char[1024];
        Match end;
        while (!(end = untilIt.Match(output.ToString())).Success)
        {
            var read = await process.StandardOutput.ReadAsync(buffer);
            Assert.True(read > 0, $"{printed}\n{output}");
            output.Append(buffer, 0, read);
        }

        Transcript.Add(printed, Plain(output.ToString()[..end.Index]), exitCode: 0, clock.Elapsed);

        // Read on, or it would wait for a reader sooner or later.
        _ = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>A command in a terminal, with what the ones before it have left: the variables that the pages have, and the folder.</summary>
    private Process Start(string line)
    {
        var state = Path.Combine(session.Folder, "state");
        var file = Path.Combine(session.Folder, $"typed-{_typed++}.sh");
        File.WriteAllText(file, $"""
            stty cols {columns} rows 50
            [ -f '{state}' ] && source '{state}'
            trap '(declare -p AGENT KEY 2>/dev/null; echo "cd $(printf %q "$PWD")") > "{state}"' EXIT
            {line}
            """);
        return Process.Start(session.Starting("script", "--quiet", "--return", "--command", $"bash '{file}'", "/dev/null"))!;
    }

    /// <summary>What stands there in the end, without colours.</summary>
    private static string Plain(string output) => Control().Replace(output, "").Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\e[=>]|\e\][^\a]*\a", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Control();

    /// <summary>The line that a sidecar's start ends with.</summary>
    [GeneratedRegex("(?<=Ctrl\\+C.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, MillisecondsAtMost)]
    private static partial Regex Invitation();

    /// <summary>Back to where a picture began.</summary>
    [GeneratedRegex(@"\e\[[0-9]*A", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Redraw();

    [GeneratedRegex("sk_spendguard_[A-Za-z0-9_-]+", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Key();
}
