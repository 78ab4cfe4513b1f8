using System.Diagnostics;
using System.IO.Compression;
using SpendGuard.Cli.Tests.Documentation;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Skill;

/// <summary>The skill ships: in the packages of the engine and of the tool, and within the tool.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Collection(PackedTool.Collection)]
public sealed class PackedSkillTests(PackedTool tool)
{
    private const string Name = "spendguard-strict-budget-runner";

    [Fact]
    public void Tool_HasTheSkillWithItsReferences() => AssertHasTheSkill(Path.Combine(tool.Packages, "SpendGuard.Cli.0.1.0.nupkg"));

    [Fact]
    public async Task Engine_HasTheSkillWithItsReferences()
    {
        var packages = Directory.CreateDirectory(Path.Combine(tool.Folder, "engine")).FullName;
        await PackedTool.DotnetAsync(tool.Folder, "pack", Repository.Path("src", "SpendGuard"), "--no-build", "--configuration", Repository.Configuration, "--output", packages);

        AssertHasTheSkill(Directory.EnumerateFiles(packages, "*.nupkg").Single());
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

    private static void AssertHasTheSkill(string path)
    {
        using var package = ZipFile.OpenRead(path);
        var packed = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("skills/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(Sources().Select(source => $"skills/{Name}/{source.Place}").Order(StringComparer.Ordinal), packed);
    }

    /// <summary>The files of the skill, and where they are in it.</summary>
    private static IReadOnlyList<(string File, string Place)> Sources()
    {
        var skill = Repository.Path("skills", Name);
        return
        [
            .. Repository.Files("*", "skills", Name).Select(file => (file, Path.GetRelativePath(skill, file))),
            .. Repository.Files("*", "references")
                .Select(file => (File: file, Place: Path.GetRelativePath(Repository.Path("references"), file)))

                // Not the .NET API, which is nothing that a skill for budgets takes, nor the index, which leads to it.
                .Where(reference => reference.Place != "README.md" && !reference.Place.StartsWith("api" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .Select(reference => (reference.File, Path.Combine("references", reference.Place))),
        ];
    }
}
