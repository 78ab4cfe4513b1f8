namespace SpendGuard.Cli.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("spendguard bud", "budget")]
    [InlineData("spendguard budget s", "set")]
    [InlineData("spendguard budget set --li", "--limit")]
    [InlineData("spendguard ledger export --format ", "csv|jsonl")]
    [InlineData("spendguard completion ", "bash|fish|pwsh|zsh")]
    public async Task Suggestions_AreWhatCanStandThere(string line, string expected)
    {
        var ran = await new Cli().RunAsync([$"[suggest:{line.Length}]", line]);

        Assert.Superset(expected.Split('|').ToHashSet(), ran.Succeeded().Split('\n').ToHashSet());
        Assert.DoesNotContain("spendguard", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_AreSuggested()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();
        const string Line = "spendguard budget get --agent ";

        var ran = await sidecar.Cli().RunAsync([$"[suggest:{Line.Length}]", Line]);
        var alone = await new Cli().RunAsync([$"[suggest:{Line.Length}]", Line + "--base-url http://127.0.0.1:1"]);

        Assert.Contains(agent, ran.Succeeded(), StringComparison.Ordinal);
        Assert.Equal("", alone.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("pause --help")]
    [InlineData("group show --help")]
    [InlineData("budget get --help")]
    public async Task Help_NamesWhatIsToBeGiven_NotAllThatThereAre(string asked)
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();

        var help = (await sidecar.Cli().RunAsync(asked)).Succeeded();

        Assert.DoesNotContain(agent, help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -F _spendguard spendguard")]
    [InlineData("zsh", "compdef _spendguard spendguard")]
    [InlineData("fish", "complete -c spendguard")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName spendguard")]
    public async Task Script_IsPrinted(string shell, string registers) =>
        Assert.Contains(registers, (await new Cli().RunAsync($"completion {shell}")).Succeeded(), StringComparison.Ordinal);

    [Fact]
    public async Task OtherShell_IsAUsageError() => Assert.Equal(2, (await new Cli().RunAsync("completion cmd")).ExitCode);
}
