using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Every command line of the skill, the references and the README runs as it is printed, against a sidecar and a simulated provider.</summary>
/// <remarks>
/// What a reader fills in is filled in by the conventions of <see cref="PageScript"/>; what is not run is in <see cref="NotRun"/>.
/// </remarks>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Needs, Traits.Node)]
public sealed class PrintedCommandTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public const string Skill = "skills/spendguard-strict-budget-runner/SKILL.md";

    internal static readonly string[] AllPages =
    [
        Skill, "README.md", "examples/README.md",
        .. Directory.EnumerateFiles(Repository.Path("references"), "*.md").Select(page => "references/" + Path.GetFileName(page)),
    ];

    public static TheoryData<string> Pages() => [.. AllPages.Where(page => BlocksToRun(page).Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Commands_OfPage_Run(string page)
    {
        await using var session = await PageSession.StartAsync(database.ConnectionString);
        if (page == Skill)
        {
            await session.InstallSkillAsync();
        }

        var (exitCode, log) = await session.RunAsync(PageScript.Of(BlocksToRun(page)));

        Assert.True(exitCode == 0, $"{page}\n{log}");
    }

    [Fact]
    public void NotRun_NamesBlocksThatAreThere()
    {
        var blocks = AllPages.SelectMany(ShellBlock.In).ToList();

        Assert.All(NotRun.All, entry => Assert.True(blocks.Exists(entry.Covers), $"{entry.Page} has no block that begins with '{entry.FirstLine}'."));
    }

    [Fact]
    public void Pages_HaveCommands() => Assert.True(AllPages.Sum(page => BlocksToRun(page).Count()) > 15);

    private static IEnumerable<ShellBlock> BlocksToRun(string page) =>
        ShellBlock.In(page).Where(block => !NotRun.All.Any(entry => entry.Covers(block)));
}
