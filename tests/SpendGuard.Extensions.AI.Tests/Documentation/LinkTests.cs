using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>Whoever follows a link between our pages gets somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages() =>
        [.. Repository.Files("*.md", "references").Concat(Repository.Files("*.md", "examples")).Concat(Directory.EnumerateFiles(Repository.Path(), "*.md"))
            .Select(page => Path.GetRelativePath(Repository.Path(), page))
            .Where(page => !page.Contains("node_modules", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfPage_LeadToFiles(string page)
    {
        var folder = Path.GetDirectoryName(Repository.Path(page))!;
        var dead = Link().Matches(File.ReadAllText(Repository.Path(page)))
            .Select(link => link.Groups["target"].Value.Replace("\\", "", StringComparison.Ordinal))
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && target.Length > 0)
            .Where(target => !Path.Exists(Path.Combine(folder, target)));

        Assert.Empty(dead);
    }

    [Fact]
    public void Pages_HaveLinks() => Assert.True(Pages().Cast<object>().Count() > 20);

    [GeneratedRegex(@"\]\((?<target>[^)#\s]*)(#[^)]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Link();
}
