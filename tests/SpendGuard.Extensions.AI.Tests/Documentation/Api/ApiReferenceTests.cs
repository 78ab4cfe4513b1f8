using System.Text.Json.Nodes;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Documentation.Api;

/// <summary>
/// Holds <c>references/api</c> to what docfx makes of the XML docs. Where it differs on purpose, run the test once with <c>UPDATE_API=1</c>.
/// </summary>
public sealed class ApiReferenceTests
{
    private static readonly string[] Packages =
    [
        "SpendGuard", "SpendGuard.AspNetCore", "SpendGuard.Extensions.AI", "SpendGuard.PostgreSql", "SpendGuard.SemanticKernel", "SpendGuard.SignedPrices",
    ];

    private const string Made = "api";

    private static readonly string Kept = Repository.Path("references", "api");

    [Fact]
    [Trait(Traits.Category, Traits.Slow)]
    public async Task Reference_IsWhatTheXmlDocsSay()
    {
        using var folder = new TempFolder();
        var made = await GenerateAsync(folder.Path);
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            await ReplaceAsync(made);
        }

        var kept = PagesOf(Kept);
        Assert.Equal(made.Keys, kept.Keys);
        Assert.All(made, page => Assert.True(
            page.Value == kept[page.Key],
            $"references/api/{page.Key} is not what the XML docs say. Run this test with UPDATE_API=1 and look at the difference."));
    }

    /// <summary>Of the built files, beside which are their XML docs and what they refer to.</summary>
    private static async Task<SortedDictionary<string, string>> GenerateAsync(string folder)
    {
        File.Copy(Repository.Path("tests", "SpendGuard.Extensions.AI.Tests", "Documentation", "Api", "filter.yml"), Path.Combine(folder, "filter.yml"));
        var configuration = Path.Combine(folder, "docfx.json");
        await File.WriteAllTextAsync(configuration, new JsonObject
        {
            ["metadata"] = new JsonArray(new JsonObject
            {
                ["src"] = new JsonArray(new JsonObject
                {
                    ["src"] = AppContext.BaseDirectory,
                    ["files"] = new JsonArray([.. Packages.Select(package => (JsonNode)$"{package}.dll")]),
                }),
                ["output"] = Made,
                ["outputFormat"] = "markdown",
                ["memberLayout"] = "samePage",
                ["namespaceLayout"] = "flattened",
                ["filter"] = "filter.yml",
            }),
        }.ToJsonString());

        // The tool is the one that the repository names, which is found from a folder within it.
        var run = await ChildProcess.RunAsync("dotnet", ["tool", "run", "docfx", "metadata", configuration], new Dictionary<string, string?>(), Repository.Path());
        Assert.True(run.ExitCode == 0, run.ToString());
        return PagesOf(Path.Combine(folder, Made));
    }

    private static SortedDictionary<string, string> PagesOf(string folder) => new(
        Directory.EnumerateFiles(folder, "*.md").ToDictionary(page => Path.GetFileName(page), page => File.ReadAllText(page).ReplaceLineEndings("\n"), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static async Task ReplaceAsync(SortedDictionary<string, string> made)
    {
        Directory.CreateDirectory(Kept);
        foreach (var gone in PagesOf(Kept).Keys.Except(made.Keys))
        {
            File.Delete(Path.Combine(Kept, gone));
        }

        foreach (var (page, text) in made)
        {
            await File.WriteAllTextAsync(Path.Combine(Kept, page), text);
        }
    }
}
