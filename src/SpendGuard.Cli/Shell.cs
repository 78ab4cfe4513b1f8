using Spectre.Console;

namespace SpendGuard.Cli;

/// <summary>What a command gets from whoever runs it: its streams, its environment, its clock.</summary>
internal sealed class Shell
{
    /// <summary>A pipe has no width; lines are left whole.</summary>
    private const int Boundless = 10_000;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Writes to <see cref="Output"/> with tables and colours, as far as what is behind it can show them.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Whether a person looks at <see cref="Output"/>.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Reads an environment variable; null when it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Where relative paths start.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Shell OfProcess()
    {
        var console = AnsiConsole.Console;
        if (System.Console.IsOutputRedirected)
        {
            console.Profile.Width = Boundless;
        }

        return new Shell
        {
            Output = System.Console.Out,
            Error = System.Console.Error,
            Console = console,
            IsTerminal = !System.Console.IsOutputRedirected,
            Variable = static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            Folder = Environment.CurrentDirectory,
        };
    }
}
