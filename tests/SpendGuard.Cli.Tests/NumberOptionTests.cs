using System.CommandLine;
using Spectre.Console;

namespace SpendGuard.Cli.Tests;

/// <summary>What is no number and no time where one belongs is refused in words, by every command, and not by the name of a type.</summary>
public sealed class NumberOptionTests
{
    private const string Huge = "99999999999999999999999999999999";

    /// <summary>Every option that is neither a text nor a switch.</summary>
    public static TheoryData<string, string> Options()
    {
        var options = new TheoryData<string, string>();
        foreach (var (path, option) in Below(Root(), "").Where(static found => Read(found.Option) is { } type && type != typeof(string) && type != typeof(bool)))
        {
            options.Add(path, option.Name);
        }

        return options;
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task WhatIsNone_IsRefusedInWords(string command, string option)
    {
        foreach (var text in IsWhole(command, option) ? ["abc", "0.5", Huge] : new[] { "abc", Huge })
        {
            var ran = await new Cli().RunAsync($"{command} {option} {text}");

            Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
            Assert.Contains($"{option} is '{text}'; give ", ran.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_AreThere()
    {
        Assert.True(Options().Count > 20, $"Only {Options().Count} options were found.");
        Assert.All(Below(Root(), "").SelectMany(static found => found.Command.Arguments), static argument => Assert.Contains(argument.ValueType, [typeof(string), typeof(string[])]));
    }

    private static bool IsWhole(string command, string option) =>
        Read(Below(Root(), "").Single(found => found.Path == command && found.Option.Name == option).Option) is var type && (type == typeof(int) || type == typeof(long));

    private static Type Read(Option option) => Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;

    private static IEnumerable<(Command Command, string Path, Option Option)> Below(Command command, string path) =>
        command.Options.Select(option => (command, path, option))
            .Concat(command.Subcommands.SelectMany(below => Below(below, $"{path} {below.Name}".Trim())));

    private static RootCommand Root() => CommandLine.Root(new Shell
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Console = AnsiConsole.Console,
        IsTerminal = false,
        Variable = static _ => null,
        Folder = Environment.CurrentDirectory,
    });
}
