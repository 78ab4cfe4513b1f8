using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SpendGuard.Clients.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>The programs that people use, as they come, each in a loop that does not end by itself.</summary>
/// <remarks><c>SPENDGUARD_TEST_CLIENTS</c> names a folder of npm's that has them; else it is <c>tests/clients/node_modules</c>.</remarks>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Clients)]
public sealed class RealProgramTests
{
    private static readonly string Modules =
        Environment.GetEnvironmentVariable("SPENDGUARD_TEST_CLIENTS") ?? Repository.Path("tests", "clients", "node_modules");

    [Theory]
    [InlineData("claude", "Bash", "-p", "Begin.", "--dangerously-skip-permissions")]
    [InlineData("codex", "exec_command", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "Begin.")]
    [InlineData("gemini", "run_shell_command", "-p", "Begin.", "--yolo")]
    [InlineData("opencode", "bash", "run", "-m", "anthropic/claude-haiku-4-5", "Begin.")]
    [InlineData("qwen", "run_shell_command", "-m", "gpt-4o-mini", "-p", "Begin.", "--yolo")]
    [InlineData("cn", "Bash", "-p", "Begin.", "--auto")]
    public async Task Program_StopsWithinItsBudget_AndNeverSeesARealKey(string command, string shell, params string[] arguments)
    {
        await using var session = await RunSession.StartAsync(new SimulatedProviderOptions { ExtraPrices = ProviderPrices.On(DateTimeOffset.UtcNow) });
        session.Variables["PATH"] = string.Join(Path.PathSeparator, Programs(session), Environment.GetEnvironmentVariable("PATH"));
        session.Variables["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        session.Variables["GEMINI_CLI_TRUST_WORKSPACE"] = "true";

        // Else it will not run without asking where it is root, as in a container.
        session.Variables["IS_SANDBOX"] = "1";
        session.Write(".gemini/settings.json", """{"security":{"auth":{"selectedType":"gemini-api-key"}}}""");
        var turn = 0;
        session.Provider.Behaviour = new() { OutputTokens = 300, Reply = _ => SimulatedReply.Call(shell, Looks(Interlocked.Increment(ref turn))) };

        var ran = await session.RunAsync("--budget 0.20 --json", [command, .. arguments]);

        var summary = JsonNode.Parse(ran.Error.TrimEnd().Split('\n')[^1])!;
        Assert.True((bool)summary["ran_out"]!, ran.ToString());
        Assert.True((int)summary["calls"]! > 1, ran.ToString());
        Assert.Equal(session.Provider.Bill.TotalMicrocents, (long)summary["charged_microcents"]!);
        Assert.InRange(session.Provider.Bill.TotalMicrocents, 1, 20_000_000);
        Assert.Equal(ran.ExitCode, (int)summary["exit_code"]!);
        var seen = await File.ReadAllTextAsync(Path.Combine(session.Home, "seen"));
        Assert.DoesNotContain(RunSession.Real, seen, StringComparison.Ordinal);
        Assert.Contains("sk_spendguard_", seen, StringComparison.Ordinal);
    }

    /// <summary>Arguments for whatever the shell of a program is called with; each time others, as some programs see that they go in circles.</summary>
    private static string Looks(int turn)
    {
        var command = $"env > seen; echo {turn}";
        return new JsonObject { ["command"] = command, ["cmd"] = command, ["description"] = "Looks around" }.ToJsonString();
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
