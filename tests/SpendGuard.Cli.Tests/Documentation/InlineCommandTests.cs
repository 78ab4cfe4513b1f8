using System.Text.RegularExpressions;
using Spectre.Console;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Commands that stand within a sentence or a table, where they lack what a reader knows: their words are words of the command.</summary>
public sealed partial class InlineCommandTests
{
    /// <summary>Also those that have no commands to run, but name them.</summary>
    private static readonly string[] Pages =
    [
        .. PrintedCommandTests.AllPages, "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md",
        .. Directory.EnumerateFiles(Repository.Path("references", "decisions"), "*.md").Select(page => "references/decisions/" + Path.GetFileName(page)),
    ];

    [Fact]
    public void Commands_OfTheTool_AndTheirOptionsExist()
    {
        var named = Pages.SelectMany(page => Spans(page, "spendguard ").Select(line => (Page: page, Line: line))).Distinct().ToList();

        Assert.True(named.Count > 8);
        Assert.All(named, command => Assert.DoesNotContain(Errors(command.Line), error => error.StartsWith("Unrecognized", StringComparison.Ordinal)));
    }

    [Fact]
    public void Projects_ThatAreRunOrPublished_Exist()
    {
        var named = Pages.SelectMany(page => Spans(page, "dotnet ")).SelectMany(line => line.Split(' ')).Where(word => word.Contains('/', StringComparison.Ordinal));

        Assert.All(
            named.Where(word => !word.StartsWith("artifacts/", StringComparison.Ordinal)),
            word => Assert.True(Path.Exists(Repository.Path(word)), $"There is no {word}."));
    }

    [Fact]
    public void Misspelling_IsFound() => Assert.Contains(Errors("spendguard agent list --limti 5"), error => error.StartsWith("Unrecognized", StringComparison.Ordinal));

    private static IEnumerable<string> Errors(string line)
    {
        var shell = new Shell
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Console = AnsiConsole.Console,
            IsTerminal = false,
            Variable = static _ => null,
            Folder = Environment.CurrentDirectory,
        };
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Where(word => word != "…");
        return CommandLine.Root(shell).Parse([.. words]).Errors.Select(error => error.Message);
    }

    /// <summary>What stands as code within the text of a page and begins so.</summary>
    private static IEnumerable<string> Spans(string page, string beginning) =>
        Span().Matches(Fenced().Replace(File.ReadAllText(Repository.Path(page)), "")).Select(match => match.Groups["code"].Value)
            .Where(code => code.StartsWith(beginning, StringComparison.Ordinal) && !code.Contains('|', StringComparison.Ordinal));

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Span();

    [GeneratedRegex("^```.*?^```", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, 60_000)]
    private static partial Regex Fenced();
}
