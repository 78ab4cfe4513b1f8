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
