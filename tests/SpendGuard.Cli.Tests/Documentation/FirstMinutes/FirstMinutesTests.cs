using Snapshooter.Xunit;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>
/// The first ten minutes of three users, with the packages as they ship and an empty home: every command as it is printed, and what came of it.
/// How long each took is left in <c>artifacts/first-minutes</c>.
/// </summary>
[Trait(Traits.Category, Traits.Slow)]
[Collection(PackedTool.Collection)]
public sealed class FirstMinutesTests(PackedTool tool)
{
    private const string PrintedClient = """new OpenAIClient(Environment.GetEnvironmentVariable("OPENAI_API_KEY")!)""";

    private const string ClientOfTheSession =
        """new OpenAIClient(new System.ClientModel.ApiKeyCredential(Environment.GetEnvironmentVariable("OPENAI_API_KEY")!), new() { Endpoint = new(Environment.GetEnvironmentVariable("OPENAI_BASE_URL")!) })""";

    [Fact]
    public async Task DotNetDeveloper_WithAConsoleProject()
    {
        var snapshot = Snapshot.FullName("dotnet-developer");
        await using var session = await PageSession.StartAsync(command: tool.Command, folder: ShortFolder());
        var packages = new LibraryPackages(session);
        await packages.PackAsync("SpendGuard", "SpendGuard.Extensions.AI");
        await using var terminal = new Terminal(session);

        await terminal.TypeAsync("dotnet nuget add source \"$PWD/artifacts/packages\" --name spendguard");
        await terminal.TypeAsync("dotnet new console -o MyAgent");
        await terminal.TypeAsync("cd MyAgent");
        foreach (var line in PageScript.Printed(Block("README.md", "dotnet add package")))
        {
            await terminal.TypeAsync(line, $"{line} --version {packages.Versions.Of(line.Split(' ')[^1])}");
        }

        await terminal.WriteAsync("MyAgent/Program.cs", PrintedCode().Replace(PrintedClient, ClientOfTheSession, StringComparison.Ordinal));
        await terminal.TypeAsync("dotnet run");
        await terminal.TypeAsync("sed -i 's/FromDollars(5)/FromDollars(0.00001m)/' Program.cs");
        await terminal.TypeAsync("dotnet run 2>&1 | grep -v '^ *at '");

        await terminal.Transcript.KeepAsync("dotnet-developer");
        Snapshot.Match(packages.Steady(terminal.Transcript.Steady(session.Folder)), snapshot);

        // What the program has printed is what the provider has charged.
        Assert.Equal(1, session.Provider.Bill.BilledCalls);
        Assert.Contains($"\n{Money.FromMicrocents(session.Provider.Bill.TotalMicrocents)}\n", terminal.Transcript.Steady(session.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamLead_WithSeveralLanguages()
    {
        var snapshot = Snapshot.FullName("team-lead");
        await using var session = await PageSession.StartAsync(command: tool.Command, folder: ShortFolder());
        session.StartSidecarByHand();
        await using var terminal = new Terminal(session, columns: 80);

        await terminal.TypeAsync("spendguard");
        await terminal.TypeAsync(Block("README.md", "spendguard sidecar"));
        foreach (var line in PageScript.Printed(Block("README.md", "spendguard bootstrap")))
        {
            await terminal.TypeAsync(line);
        }

        await terminal.TypeAsync(Call("another"));
        await terminal.TypeAsync("spendguard budget get researcher");
        await terminal.TypeAsync("spendguard budget set researcher --limit '$8' --topup '$3'");
        await terminal.TypeAsync("spendguard report --by agent");
        await terminal.TypeAsync("spendguard report --by model --json");
        await terminal.TypeAsync("spendguard ledger list");
        await terminal.TypeAsync("spendguard group create team-red --name Red");
        await terminal.TypeAsync("spendguard limit set team-red --per month --amount-cents 50000");
        await terminal.TypeAsync("spendguard agent create --id writer --under team-red");
        await terminal.TypeAsync("spendguard group move researcher --under team-red");
        await terminal.TypeAsync("spendguard budget tree");
        await terminal.TypeAsync("spendguard budget watch");
        await terminal.TypeAsync("spendguard pause researcher --reason 'looks odd'");
        await terminal.TypeAsync(Call("a paused"));
        await terminal.TypeAsync("spendguard resume researcher");
        await terminal.TypeAsync("spendguard agent create --name researcher");
        await terminal.TypeAsync("spendguard budget get reseacher");
        await terminal.TypeAsync("spendguard budgt get researcher");
        await terminal.TypeAsync("spendguard budget set researcher --limt 900");
        await terminal.TypeAsync("spendguard prices show gpt-4o-mni");
        await terminal.TypeAsync("spendguard budget set researcher --limit '5,50'");

        await terminal.Transcript.KeepAsync("team-lead");
        Snapshot.Match(terminal.Transcript.Steady(session.Folder), snapshot);
    }

    [Fact]
    public async Task CodingAgent_ThatInstallsTheSkill_WithoutNetwork()
    {
        var snapshot = Snapshot.FullName("coding-agent");
        await using var session = await PageSession.StartAsync(command: tool.Command, folder: ShortFolder());
        session.CutOff();
        session.StartSidecarByHand();
        await using var terminal = new Terminal(session);

        await terminal.TypeAsync("spendguard skill install");
        await terminal.TypeAsync("cd .claude/skills/spendguard-strict-budget-runner");
        foreach (var block in ShellBlock.In(PrintedCommandTests.Skill))
        {
            // The script that does the same is built when it is run first: BootstrapScriptTests runs it.
            foreach (var line in PageScript.Printed(block).Where(line => !line.StartsWith("dotnet run", StringComparison.Ordinal)))
            {
                await terminal.TypeAsync(line);
            }
        }

        await terminal.Transcript.KeepAsync("coding-agent");
        Snapshot.Match(terminal.Transcript.Steady(session.Folder), snapshot);
    }

    /// <summary>As long everywhere, whatever the folder of temporary files is: lines of a terminal are broken by their length.</summary>
    private static DirectoryInfo ShortFolder() => Directory.CreateDirectory($"/tmp/spendguard-{Guid.NewGuid().ToString("N")[..6]}");

    private static ShellBlock Block(string page, string has) => ShellBlock.In(page).First(block => block.Text.Contains(has, StringComparison.Ordinal));

    private static string PrintedCode()
    {
        const string begin = "```csharp\n";
        var readme = File.ReadAllText(Repository.Path("README.md"));
        var code = readme[(readme.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..];
        return code[..code.IndexOf("```", StringComparison.Ordinal)];
    }

    private static string Call(string whose) => $$"""
        curl -s localhost:8787/v1/chat/completions -H "authorization: Bearer sk_spendguard_…" -H 'content-type: application/json' -d '{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"Hello from {{whose}} program"}]}'
        """;
}
