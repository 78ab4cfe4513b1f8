namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>The examples with the sidecar, each as the one command that a reader runs.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
public sealed class ExampleTests
{
    // The examples are built before these tests, with the same configuration.
    private static readonly string Configuration = Repository.Configuration;

    [Theory]
    [InlineData("sidecar-curl")]
    [InlineData("sidecar-node")]
    public async Task Script_WithoutKey_SpendsTheBudgetAndAgreesWithTheBill(string example) =>
        AssertPassed(await ChildProcess.RunAsync("bash", [Repository.Path("examples", example, "run.sh")], Environment()));

    [Fact]
    public async Task SidecarClient_WithoutKey_SpendsTheBudgetAndAgreesWithTheBill()
    {
        var program = Repository.Path("examples", "SidecarClient", "bin", Configuration, "net10.0", "SidecarClient.dll");

        AssertPassed(await ChildProcess.RunAsync("dotnet", [program], Environment()));
    }

    private static void AssertPassed(ProcessResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("refused", result.Output, StringComparison.Ordinal);
        Assert.Contains("402", result.Output, StringComparison.Ordinal);
        Assert.Contains("the provider's bill", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("PASSED\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
    }

    private static Dictionary<string, string?> Environment() => new(StringComparer.Ordinal)
    {
        ["EXAMPLES_BUILT"] = Configuration,
    };
}
