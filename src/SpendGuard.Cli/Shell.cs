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

    /// <summary>What stands on the terminal beside the output, for as long as a program has it; null where there is no terminal.</summary>
    public TextWriter? Terminal { get; init; }

    /// <summary>The whole environment, for what is started in it.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads an environment variable; null when it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Where relative paths start.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks a person a question and reads the answer; null where nobody sits there.</summary>
    public Func<string, string?>? Ask { get; init; }

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
            Terminal = System.Console.IsErrorRedirected ? null : System.Console.Error,
            Variables = OfEnvironment(),
            Variable = static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            Folder = Environment.CurrentDirectory,
            Ask = System.Console.IsInputRedirected || System.Console.IsOutputRedirected ? null : AskOnTerminal,
        };
    }

    private static string? AskOnTerminal(string question)
    {
        System.Console.Error.Write(question + " ");
        return System.Console.In.ReadLine();
    }

    private static Dictionary<string, string> OfEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(static variable => (string)variable.Key, static variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
