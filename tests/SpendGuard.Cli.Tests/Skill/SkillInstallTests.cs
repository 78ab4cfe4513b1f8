using System.Text.RegularExpressions;

namespace SpendGuard.Cli.Tests.Skill;

public sealed partial class SkillInstallTests : IDisposable
{
    private const string Name = "spendguard-strict-budget-runner";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-skill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task EmptyProject_GetsItWhereMostAgentsLook()
    {
        var ran = await InstallAsync("skill install");

        Assert.Equal($"installed={Installed(".claude/skills")}\ninstalled={Installed(".agents/skills")}\n", ran.Succeeded());
        Assert.All([".claude/skills", ".agents/skills"], skills => Assert.True(File.Exists(Path.Combine(Installed(skills), "SKILL.md"))));
    }

    [Theory]
    [InlineData(".claude")]
    [InlineData(".agents")]
    [InlineData(".cursor")]
    public async Task Project_OfAnAgent_GetsItThereOnly(string agent)
    {
        _folder.CreateSubdirectory(agent);

        var ran = await InstallAsync("skill install");

        Assert.Equal($"installed={Installed(agent + "/skills")}\n", ran.Succeeded());
        Assert.Single(_folder.EnumerateDirectories());
    }

    [Fact]
    public async Task To_NamesTheFolder()
    {
        var ran = await InstallAsync("skill install --to some/where");

        Assert.Equal($"installed={Installed("some/where")}\n", ran.Succeeded());
        Assert.True(File.Exists(Path.Combine(Installed("some/where"), "scripts", "bootstrap_strict_budget.cs")));
    }

    [Fact]
    public async Task Again_ReplacesWhatIsThereAndLeavesTheRest()
    {
        var skill = Path.Combine(Installed("skills"), "SKILL.md");
        var notes = Path.Combine(Installed("skills"), "notes.md");
        (await InstallAsync("skill install --to skills")).Succeeded();
        var content = await File.ReadAllTextAsync(skill);
        await File.WriteAllTextAsync(skill, new string('x', 100_000));
        await File.WriteAllTextAsync(notes, "mine");

        (await InstallAsync("skill install --to skills")).Succeeded();

        Assert.Equal((content, "mine"), (await File.ReadAllTextAsync(skill), await File.ReadAllTextAsync(notes)));
    }

    [Fact]
    public async Task Folder_ThatIsNone_IsOne()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "skills"), "");

        var ran = await InstallAsync("skill install --to skills");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.EndsWith("Name another folder with --to.\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstalledPages_LinkOnlyToWhatIsInstalled()
    {
        (await InstallAsync("skill install --to skills")).Succeeded();

        var pages = Directory.GetFiles(Installed("skills"), "*.md", SearchOption.AllDirectories);
        var links = pages.SelectMany(page => Links().Matches(File.ReadAllText(page)).Select(link => (Page: page, Target: link.Groups["target"].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && link.Target.Length > 0)
            .ToList();

        Assert.True(links.Count > 20);
        Assert.All(links, link => Assert.True(
            File.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, link.Target)), $"{link.Page} links to {link.Target}, which is not installed."));
    }

    /// <summary>What an agent is sent to is beside it: of a checkout it has nothing.</summary>
    [Fact]
    public async Task PagesThatTheSkillNames_AskForNoFileOfTheRepository()
    {
        (await InstallAsync("skill install --to skills")).Succeeded();
        var skill = await File.ReadAllTextAsync(Path.Combine(Installed("skills"), "SKILL.md"));

        var pages = Links().Matches(skill).Select(link => link.Groups["target"].Value).Distinct().Where(page => Path.GetFileName(page) != "cli.md").ToList();

        Assert.True(pages.Count > 5);
        Assert.DoesNotMatch(OfTheRepository(), skill);
        Assert.All(pages, page => Assert.DoesNotMatch(OfTheRepository(), File.ReadAllText(Path.Combine(Installed("skills"), page))));
    }

    [Fact]
    public async Task Skill_IsNamedAsItsFolderAndDescribed()
    {
        (await InstallAsync("skill install --to skills")).Succeeded();

        var lines = await File.ReadAllLinesAsync(Path.Combine(Installed("skills"), "SKILL.md"));

        Assert.Equal(["---", $"name: {Name}"], lines[..2]);
        Assert.InRange(lines[2].Length, "description: ".Length + 100, 1_024);
        Assert.StartsWith("description: ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain(": ", lines[2]["description: ".Length..], StringComparison.Ordinal);
        Assert.Equal("---", lines[3]);
        Assert.All(
            ["strict-budget-quickstart.md", "routing-patterns.md", "error-playbook.md", "hosted.md", "prices.md"],
            page => Assert.True(File.Exists(Path.Combine(Installed("skills"), "references", page)), page));
    }

    private Task<Ran> InstallAsync(string line) => new Cli { Folder = _folder.FullName }.RunAsync(line);

    private string Installed(string skills) => Path.Combine(_folder.FullName, skills, Name);

    [GeneratedRegex(@"(?<![\w/.])(src|tests|examples)/\w|test\.sh|README|CONTRIBUTING", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex OfTheRepository();

    [GeneratedRegex(@"\]\((?<target>[^)#]*)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Links();
}
