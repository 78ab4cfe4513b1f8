using System.CommandLine;
using Spectre.Console;

namespace SpendGuard.Cli.Tests;

/// <summary>What is no number and no time where one belongs is refused in words, by every command, and not by the name of a type.</summary>
public sealed class NumberOptionTests
{
    private const string Huge = "99999999999999999999999999999999";

    /// <summary>Every option that is a whole number; <c>_</c> is what is given.</summary>
    private static readonly string[] Whole =
    [
        "alerts list --before _",
        "alerts list --limit _",
        "approvals approve apr_1 --add-cents _",
        "bootstrap --name a --limit _",
        "bootstrap --name a --limit 5 --topup _",
        "bootstrap --name a --limit 5 --max-in-flight _",
        "bootstrap --name a --limit 5 --max-call-share _",
        "budget set --agent a --limit _",
        "budget set --agent a --limit 5 --topup _",
        "budget set --agent a --limit 5 --max-in-flight _",
        "budget set --agent a --limit 5 --max-call-share _",
        "ledger list --after _",
        "ledger list --before _",
        "ledger list --limit _",
        "limit set acme --per day --amount-cents _",
        "limit set acme --per day --amount-cents 5 --alert-at _",
        "limit set acme --identical-calls _",
        "runs --last _",
    ];

    /// <summary>Every other that is a number, a time or an address.</summary>
    private static readonly string[] Others =
    [
        "alerts replay --since _",
        "budget watch --interval _",
        "ledger export --from _",
        "ledger export --to _",
        "ledger reconcile costs.csv --from _",
        "ledger reconcile costs.csv --to _",
        "ledger reconcile costs.csv --tolerance _",
        "prices sign --in a --out b --key c --expires-in _",
        "report --since _",
        "report --until _",
        "prices serve --in a --key c --expires-in _",
        "tables sign --in a --out b --key c --expires-in _",
        "run --budget _ -- true",
        "run --sidecar _ --budget 5 -- true",
    ];

    public static TheoryData<string> Lines() => [.. Whole, .. Others];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task WhatIsNone_IsRefusedInWords(string line)
    {
        foreach (var text in Whole.Contains(line) ? ["abc", "0.5", Huge] : new[] { "abc", Huge })
        {
            var ran = await new Cli().RunAsync(line.Replace("_", text, StringComparison.Ordinal));

            Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
            Assert.StartsWith($"{OptionOf(line)} is '{text}'; give ", ran.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", ran.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A new option that is a number has a line above.</summary>
    [Fact]
    public void EveryOptionThatIsNoText_HasALine()
    {
        var root = CommandLine.Root(new Shell
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Console = AnsiConsole.Console,
            IsTerminal = false,
            Variable = static _ => null,
            Folder = Environment.CurrentDirectory,
        });

        var there = Below(root, "").Where(static found => IsNumber(found.Option.ValueType)).Select(static found => $"{found.Path} {found.Option.Name}");

        Assert.Equal(there.Order(StringComparer.Ordinal), Whole.Concat(Others).Select(static line => $"{PathOf(line)} {OptionOf(line)}").Order(StringComparer.Ordinal));
        Assert.All(Below(root, "").SelectMany(static found => found.Command.Arguments), static argument => Assert.False(IsNumber(argument.ValueType), argument.Name));
    }

    private static string OptionOf(string line) => line.Split(" _")[0].Split(' ')[^1];

    private static string PathOf(string line) => string.Join(' ', line.Split(" -")[0].Split(' ').Where(static word => word is not ("apr_1" or "acme" or "costs.csv")));

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } of
        && of != typeof(bool) && of != typeof(void) && !of.IsEnum && (of.IsValueType || of == typeof(int[]) || of == typeof(Uri));

    private static IEnumerable<(Command Command, string Path, Option Option)> Below(Command command, string path) =>
        command.Options.Select(option => (command, path, option))
            .Concat(command.Subcommands.SelectMany(below => Below(below, $"{path} {below.Name}".Trim())));
}
