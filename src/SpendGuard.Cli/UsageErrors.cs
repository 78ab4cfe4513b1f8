using System.CommandLine;
using System.CommandLine.Parsing;
using SpendGuard.Cli.Runs;
using SpendGuard.Names;

namespace SpendGuard.Cli;

/// <summary>What is wrong with a command line, with the name of a command or an option that may have been meant.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed) =>
        [
            .. Swallowed(parsed).Select(word => $"Unrecognized command or argument '{word}'.{Suggestion(parsed.CommandResult, word)}"),
            .. parsed.Errors.Count > 0 ? OfParser(parsed) : [],
        ];

    /// <summary>Unknown options that the parser has taken for what the command is about, such as an agent's id. The program of a run has options of its own.</summary>
    private static IEnumerable<string> Swallowed(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == RunCommand.Name || parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .Where(word => word.StartsWith("--", StringComparison.Ordinal));

    private static IEnumerable<string> OfParser(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.Distinct(StringComparer.Ordinal).ToDictionary(word => $"Unrecognized command or argument '{word}'.", word => word, StringComparer.Ordinal);

        // Where a command is misspelt, what comes after it is unknown too, and that one is wanted is clear.
        return unknown.Count > 0 && parsed.CommandResult.Command.Action is null
            ? [unknown.First().Key + Suggestion(parsed.CommandResult, unknown.First().Value)]
            : parsed.Errors.Select(error => error.Message + (unknown.TryGetValue(error.Message, out var word) ? Suggestion(parsed.CommandResult, word) : ""));
    }

    private static string Suggestion(CommandResult result, string word) =>
        NamesOf(result, word.StartsWith('-')).Where(name => Nearness.IsNear(word, name)).MinBy(name => Nearness.Distance(word, name)) is { } meant
            ? $" Did you mean '{meant}'?"
            : "";

    /// <summary>What could stand there: the options of the command and of those above it that hold below, or the commands below it.</summary>
    private static IEnumerable<string> NamesOf(CommandResult result, bool options) => !options
        ? result.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)
        : result.Command.Options.Concat(Above(result).SelectMany(command => command.Options.Where(option => option.Recursive))).Select(option => option.Name);

    private static IEnumerable<Command> Above(CommandResult result)
    {
        for (var at = result.Parent; at is not null; at = at.Parent)
        {
            if (at is CommandResult above)
            {
                yield return above.Command;
            }
        }
    }
}
