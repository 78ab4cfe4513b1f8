using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SpendGuard.Clients.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Agents;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>The programs that people use, as they come, each in a loop that does not end by itself.</summary>
/// <remarks><c>SPENDGUARD_TEST_CLIENTS</c> names a folder of npm's that has them; else it is <c>tests/clients/node_modules</c>.</remarks>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Clients)]
public sealed class RealProgramTests
{
    private static readonly string Modules =
        Environment.GetEnvironmentVariable("SPENDGUARD_TEST_CLIENTS") ?? Repository.Path("tests", "clients", "node_modules");

    /// <summary>So that they ask nobody else for anything.</summary>
    private static readonly (string Name, string Value)[] Quiet =
    [
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"), ("DISABLE_TELEMETRY", "1"), ("GEMINI_CLI_TRUST_WORKSPACE", "true"),
        ("GEMINI_TELEMETRY_ENABLED", "false"), ("OPENCODE_DISABLE_AUTOUPDATE", "1"), ("OPENCODE_DISABLE_MODELS_FETCH", "1"),
        ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"), ("QWEN_TELEMETRY_ENABLED", "false"), ("CONTINUE_TELEMETRY_ENABLED", "0"), ("DO_NOT_TRACK", "1"),
        ("TERM", "dumb"), ("NO_COLOR", "1"), ("NO_PROXY", "127.0.0.1,localhost"), ("HTTPS_PROXY", "http://127.0.0.1:9"), ("HTTP_PROXY", "http://127.0.0.1:9"),

        // Else Claude Code will not run without asking where it is root, as in a container.
        ("IS_SANDBOX", "1"),
    ];

    [Theory]
    [InlineData("0.40", "claude", "-p", "Begin.", "--dangerously-skip-permissions")]
    [InlineData("0.40", "codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "Begin.")]
    [InlineData("0.40", "gemini", "-p", "Begin.", "--yolo")]
    [InlineData("0.40", "opencode", "run", "-m", "openai/gpt-5.6", "Begin.")]
    [InlineData("1.50", "qwen", "-m", "gpt-5.6", "-p", "Begin.", "--yolo")]
    [InlineData("0.40", "cn", "-p", "Begin.", "--auto")]
    public async Task Program_StopsWithinItsBudget_AndNeverSeesARealKey(string dollars, params string[] command)
    {
        await using var session = await StartAsync();
        var seen = Path.Combine(session.Home, "seen");
        session.Provider.ForRequest = new ScriptedAgent(session.Home) { NeverEnds = true, Command = $"env > '{seen}'; " }.Behave;

        var ran = await session.RunAsync($"--budget {dollars} --json", command);

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.True((bool)summary["ran_out"]!, ran.ToString());
        Assert.True((int)summary["calls"]! > 1, ran.ToString());
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)summary["charged_microcents"]!);
        Assert.InRange(session.Provider.Bill.TotalMicrocents, 1, Money.FromDollars(decimal.Parse(dollars, CultureInfo.InvariantCulture)).Microcents);
        Assert.Equal(ran.ExitCode, (int)summary["exit_code"]!);
        var variables = await File.ReadAllTextAsync(seen);
        Assert.DoesNotContain(RunSession.Real, variables, StringComparison.Ordinal);
        Assert.Contains("sk_spendguard_", variables, StringComparison.Ordinal);
    }

    /// <summary>What a first question takes with such a model is more than that: it is refused whole, and said.</summary>
    [Fact]
    public async Task Program_WhoseFirstCallIsMoreThanItsBudget_CostsNothing()
    {
        await using var session = await StartAsync();
        session.Provider.ForRequest = new ScriptedAgent(session.Home).Behave;

        var ran = await session.RunAsync("--budget 0.05 --json", "claude", "-p", "Begin.", "--dangerously-skip-permissions");

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.True((bool)summary["ran_out"]!, ran.ToString());
        Assert.Equal((0, 0), ((int)summary["charged_microcents"]!, session.Provider.Bill.TotalMicrocents));
        Assert.NotEqual(0, ran.ExitCode);
    }

    private static async Task<RunSession> StartAsync()
    {
        var session = await RunSession.StartAsync(new SimulatedProviderOptions { ExtraPrices = ProviderPrices.On(DateTimeOffset.UtcNow) });
        foreach (var (name, value) in Quiet)
        {
            session.Variables[name] = value;
        }

        session.Variables["PATH"] = string.Join(Path.PathSeparator, Programs(session), Environment.GetEnvironmentVariable("PATH"));
        session.Write(".config/opencode/opencode.json", """{"permission":"allow","autoupdate":false,"share":"disabled"}""");
        return session;
    }

    /// <summary>
    /// Folders for the path: a Node.js that is new enough, the commands of the packages, and before them the two programs that are native, as
    /// their packages' scripts have not run.
    /// </summary>
    private static string Programs(RunSession session)
    {
        var platform = $"linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        var native = Directory.CreateDirectory(Path.Combine(session.Home, "bin")).FullName;
        foreach (var (name, file) in ((string, string)[])[("claude", $"@anthropic-ai/claude-code-{platform}/claude"), ("opencode", $"opencode-{platform}/bin/opencode")])
        {
            if (Path.Combine(Modules, file) is var path && File.Exists(path))
            {
                File.CreateSymbolicLink(Path.Combine(native, name), path);
            }
        }

        return string.Join(Path.PathSeparator, native, Path.Combine(Modules, $"node-{platform}", "bin"), Path.Combine(Modules, ".bin"));
    }
}
