using System.Diagnostics;
using System.IO.Compression;
using SpendGuard.Cli.Tests.Documentation;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Skill;

/// <summary>The skill ships: in the packages of the engine and of the tool, and within the tool.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class PackedSkillTests(PackedTool tool) : IClassFixture<PackedTool>
{
    private const string Name = "spendguard-strict-budget-runner";

    [Theory]
    [InlineData("SpendGuard")]
    [InlineData("SpendGuard.Cli")]
    public async Task Package_HasTheSkillWithItsReferences(string project)
    {
        var packages = Directory.CreateDirectory(Path.Combine(tool.Folder, "packed-" + project)).FullName;
        var pack = new ProcessStartInfo(
            "dotnet", ["pack", Repository.Path("src", project), "--no-build", "--configuration", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "--output", packages])
        {
            UseShellExecute = false,
        };
        pack.Environment.Remove("MSBuildSDKsPath");
        var (exitCode, output, _) = await PackedTool.RunAsync(pack);
        Assert.True(exitCode == 0, output);

        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(packages, "*.nupkg").Single());
        var packed = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("skills/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(Sources().Select(source => $"skills/{Name}/{source.Place}").Order(StringComparer.Ordinal), packed);
    }

    [Fact]
    public async Task InstalledTool_InstallsTheSkillAsItIsInTheRepository()
    {
        var skills = Path.Combine(tool.Folder, "skills");

        var (exitCode, _, error) = await PackedTool.RunAsync(new ProcessStartInfo(tool.Command, ["skill", "install", "--to", skills]) { UseShellExecute = false });

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(Sources().Count, Directory.EnumerateFiles(skills, "*", SearchOption.AllDirectories).Count());
        Assert.All(Sources(), source => Assert.Equal(File.ReadAllBytes(source.File), File.ReadAllBytes(Path.Combine(skills, Name, source.Place))));
    }

    /// <summary>The files of the skill, and where they are in it.</summary>
    private static IReadOnlyList<(string File, string Place)> Sources()
    {
        var skill = Repository.Path("skills", Name);
        return
        [
            .. Repository.Files("*", "skills", Name).Select(file => (file, Path.GetRelativePath(skill, file))),
            .. Repository.Files("*", "references").Select(file => (file, Path.Combine("references", Path.GetRelativePath(Repository.Path("references"), file)))),
        ];
    }
}
