using System.Text;
using Spectre.Console;

namespace SpendGuard.Cli.Tests;

/// <summary>Runs the command as its process would, with its streams and environment in the hands of a test.</summary>
internal sealed class Cli
{
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a person looks on; colours are left out, so that snapshots can be read.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>In columns, where a person looks on.</summary>
    public int Width { get; init; } = 120;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What a person answers who sits there; null where nobody does.</summary>
    public Func<string, string?>? Ask { get; init; }

    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Runs one command line, split at its spaces.</summary>
    public Task<Ran> RunAsync(string line, CancellationToken stop = default) =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), new StringWriter { NewLine = "\n" }, stop);

    public Task<Ran> RunAsync(IReadOnlyList<string> args, CancellationToken stop = default) =>
        RunAsync(args, new StringWriter { NewLine = "\n" }, stop);

    public async Task<Ran> RunAsync(IReadOnlyList<string> args, StringWriter output, CancellationToken stop = default)
    {
        var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.RunAsync(args, Shell(output, error), stop);
        return new Ran(exitCode, output.ToString(), error.ToString());
    }

    private Shell Shell(TextWriter output, TextWriter error) => new()
    {
        Output = output,
        Error = error,
        IsTerminal = IsTerminal,
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new Screen(output, IsTerminal, Width),
        }),
        Variables = Variables,
        Variable = name => Variables.GetValueOrDefault(name),
        Folder = Folder,
        Time = Time,
        Ask = Ask,
    };

    private sealed class Screen(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

/// <summary>How a command ended.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    /// <summary>All of it as one text, for snapshots.</summary>
    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}--- error\n{Error}";

    /// <summary>The output of a command that has to succeed.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return Output;
    }

    /// <summary>The value of a <c>key=value</c> line.</summary>
    public string Value(string key)
    {
        var line = Succeeded().Split('\n').Single(line => line.StartsWith(key + "=", StringComparison.Ordinal));
        return line[(key.Length + 1)..];
    }
}
