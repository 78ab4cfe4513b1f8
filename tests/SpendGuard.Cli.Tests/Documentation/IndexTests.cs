using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Whoever looks for a page finds it in the index.</summary>
public sealed class IndexTests
{
    [Fact]
    public void Index_HasEveryPage()
    {
        var index = File.ReadAllText(Repository.Path("references", "README.md"));

        var missing = Directory.EnumerateFiles(Repository.Path("references")).Select(Path.GetFileName)
            .Where(page => page != "README.md" && !index.Contains($"]({page})", StringComparison.Ordinal));

        Assert.Empty(missing);
    }
}
