using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Packaging;

/// <summary>What a package says of itself, to who finds it on a page of packages.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class PackageMetadataTests
{
    private const string Address = "https://example.test/spendguard";

    public static TheoryData<string> Projects() => [.. Repository.Files("*.csproj", "src").Select(project => Path.GetFileNameWithoutExtension(project))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Readme_OfEachPackage_IsItsOwn_AndLeadsToFiles(string project)
    {
        var readme = File.ReadAllText(Repository.Path("src", project, "README.md"));

        Assert.StartsWith($"# {project}\n", readme, StringComparison.Ordinal);
        Assert.Contains("](../../README.md)", readme, StringComparison.Ordinal);
        Assert.All(
            readme.Split("](").Skip(1).Select(rest => rest.Split(')')[0]),
            link => Assert.True(File.Exists(Repository.Path("src", project, link)), $"{link} is not there."));
    }

    [Fact]
    public async Task Package_HasTheProjectsAddress_WhichItsLinksBeginWith()
    {
        using var folder = new TempFolder();
        await DotnetAsync(
            folder.Path, "pack", Repository.Path("src", "SpendGuard.SemanticKernel"), "--no-build", "--configuration", Repository.Configuration, "--output", folder.Path, $"-p:ProjectAddress={Address}");
        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(folder.Path, "*.nupkg").Single());

        var metadata = XDocument.Parse(await TextOfAsync(package, "SpendGuard.SemanticKernel.nuspec")).Root!.Elements().Single().Elements().ToLookup(element => element.Name.LocalName);
        Assert.Equal(
            (Address, $"See the changes of 0.1.0: {Address}/blob/main/CHANGELOG.md", "icon.png", "README.md"),
            (metadata["projectUrl"].Single().Value, metadata["releaseNotes"].Single().Value, metadata["icon"].Single().Value, metadata["readme"].Single().Value));
        Assert.NotNull(package.GetEntry("icon.png"));
        var readme = await TextOfAsync(package, "README.md");
        Assert.Contains($"]({Address}/blob/main/references/semantic-kernel.md)", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("](.", readme, StringComparison.Ordinal);
    }

    /// <summary>From a clone of a repository that has an address, debuggers find the sources there.</summary>
    [Fact]
    public async Task SourceLink_LeadsToTheRemote()
    {
        using var folder = new TempFolder();
        var clone = Path.Combine(folder.Path, "clone");
        await GitAsync("clone", "--quiet", "--no-local", "--depth", "1", new Uri(Repository.Path()).AbsoluteUri, clone);
        await GitAsync("-C", clone, "remote", "set-url", "origin", "https://github.com/example/spendguard.git");
        var project = Path.Combine(clone, "src", "SpendGuard");
        Directory.CreateDirectory(Path.Combine(project, "obj", "Release", "net10.0"));

        await DotnetAsync(clone, "msbuild", project, "-t:GenerateSourceLinkFile", "-p:Configuration=Release", "-p:CI=true", "-p:RestoreLockedMode=false");

        var made = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(project, "obj", "Release", "net10.0", "SpendGuard.sourcelink.json")))!;
        var commit = (await GitAsync("-C", clone, "rev-parse", "HEAD")).Output.Trim();
        Assert.Equal($"https://raw.githubusercontent.com/example/spendguard/{commit}/*", (string?)Assert.Single(made["documents"]!.AsObject()).Value);
    }

    private static async Task<string> TextOfAsync(ZipArchive package, string entry)
    {
        using var reader = new StreamReader(package.GetEntry(entry)!.Open());
        return await reader.ReadToEndAsync();
    }

    private static Task<ProcessResult> DotnetAsync(string folder, params string[] args) => RunAsync(folder, "dotnet", args);

    private static Task<ProcessResult> GitAsync(params string[] args) => RunAsync("", "git", args);

    private static async Task<ProcessResult> RunAsync(string folder, string file, string[] args)
    {
        var run = await ChildProcess.RunAsync(file, args, new Dictionary<string, string?> { ["MSBuildSDKsPath"] = null }, folder);
        Assert.True(run.ExitCode == 0, $"{file} {string.Join(' ', args)}\n{run}");
        return run;
    }
}
