using System.Text.RegularExpressions;
using SpendGuard.Cli.Tests.Documentation;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Skill;

/// <summary>The skill's five validation checks pass from an empty folder: the installed tool, and prices that were made, signed and served by it.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Collection(PackedTool.Collection)]
public sealed partial class ValidationChecksTests(PackedTool tool)
{
    private const string Quickstart = "references/strict-budget-quickstart.md";
    private const string Mark = "the five checks";

    [Fact]
    public async Task InstalledTool_InStrictModeOnPricesOfItsOwn_PassesTheFiveChecks()
    {
        await using var session = await PageSession.StartAsync(command: tool.Command);
        var setUp = ShellBlock.In(Quickstart).Where(block => !NotRun.All.Any(entry => entry.Covers(block))).TakeWhile(block => !block.Text.Contains("/health", StringComparison.Ordinal));
        var checks = ShellBlock.In(PrintedCommandTests.Skill).Single(block => block.Text.Contains("/health", StringComparison.Ordinal));

        var (exitCode, log) = await session.RunAsync($"{PageScript.Of(setUp)}\necho '{Mark}'\n{PageScript.Of([checks])}");

        Assert.True(exitCode == 0, log);
        var checkedOnly = log.Split(Mark + "\n")[1];
        Assert.Contains("{\"status\":\"ok\"}", checkedOnly, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ready\"", checkedOnly, StringComparison.Ordinal);
        Assert.Contains("\"signature\":\"verified\"", checkedOnly, StringComparison.Ordinal);
        Assert.Contains("dry_run=ok", checkedOnly, StringComparison.Ordinal);

        // What remains went from all of the budget down by what the provider charged, and by nothing else.
        var remaining = Remaining().Matches(checkedOnly).Select(match => long.Parse(match.Groups["amount"].ValueSpan, provider: null)).ToList();
        var bill = session.Provider.Bill.TotalMicrocents;
        Assert.True(bill > 0);
        Assert.Equal([5_000_000_000, 5_000_000_000 - bill], remaining);
    }

    [GeneratedRegex("\"remaining_microcents\": (?<amount>[0-9]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Remaining();
}
