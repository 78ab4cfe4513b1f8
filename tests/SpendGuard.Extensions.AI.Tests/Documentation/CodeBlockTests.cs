using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>Code that readers copy has to compile: every C# block of the documentation stands, line by line, in code that does.</summary>
public sealed class CodeBlockTests
{
    private static readonly string[] Compiled =
    [
        Repository.Path("tests", "SpendGuard.AspNetCore.Tests", "Documentation", "Snippets.cs"),
        Repository.Path("tests", "SpendGuard.Extensions.AI.Tests", "Documentation", "Snippets.cs"),
        Repository.Path("tests", "SpendGuard.PostgreSql.Tests", "Documentation", "Snippets.cs"),
        Repository.Path("tests", "SpendGuard.SemanticKernel.Tests", "Documentation", "Snippets.cs"),
        Repository.Path("tests", "SpendGuard.SignedPrices.Tests", "Documentation", "Snippets.cs"),
        Repository.Path("examples", "Quickstart", "Program.cs"),
        Repository.Path("examples", "SidecarClient", "Program.cs"),
    ];

    public static TheoryData<string> Pages() =>
        [.. Directory.EnumerateFiles(Repository.Path("references"), "*.md").Append(Repository.Path("README.md"))
            .Append(Repository.Path("CONTRIBUTING.md"))
            .Select(page => Path.GetRelativePath(Repository.Path(), page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void CodeBlocks_OfPage_Compile(string page)
    {
        var compiled = Compiled.Select(file => Normalize(File.ReadAllLines(file))).ToList();
        foreach (var block in Blocks(File.ReadAllLines(Repository.Path(page))))
        {
            // A block may begin with the namespaces that it needs, which stand apart in a file.
            var namespaces = Normalize(block.TakeWhile(IsUsing)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var code = Normalize(block.SkipWhile(IsUsing));
            Assert.True(
                compiled.Exists(file => file.Contains(code, StringComparison.Ordinal) && namespaces.All(name => Knows(file, name))),
                $"{page} has code that is not compiled anywhere:\n{string.Join('\n', block)}");
        }
    }

    [Fact]
    public void Readme_HasCode() => Assert.NotEmpty(Blocks(File.ReadAllLines(Repository.Path("README.md"))));

    private static IEnumerable<IReadOnlyList<string>> Blocks(IEnumerable<string> page)
    {
        List<string>? block = null;
        foreach (var line in page)
        {
            if (block is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                yield return block;
                block = null;
            }
            else if (line.StartsWith("```csharp", StringComparison.Ordinal))
            {
                block = [];
            }
            else
            {
                block?.Add(line);
            }
        }
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal);

    /// <summary>Whether a file uses a namespace, or stands in it.</summary>
    private static bool Knows(string file, string directive) =>
        file.Contains(directive + "\n", StringComparison.Ordinal) || file.Contains(directive.Replace("using ", "namespace ", StringComparison.Ordinal)[..^1], StringComparison.Ordinal);

    /// <summary>Blank lines and indentation may differ; nothing else may.</summary>
    private static string Normalize(IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => line + "\n"));
}
