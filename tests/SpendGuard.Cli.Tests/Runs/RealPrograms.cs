using System.Runtime.InteropServices;
using SpendGuard.Clients.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>The programs that people use, as npm has them, for a user who has none of their settings.</summary>
/// <remarks><c>SPENDGUARD_TEST_CLIENTS</c> names a folder of npm's that has them; else it is <c>tests/clients/node_modules</c>.</remarks>
internal static class RealPrograms
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

    public static async Task<RunSession> StartAsync()
    {
        var session = await RunSession.StartAsync(new SimulatedProviderOptions { ExtraPrices = ProviderPrices.On(DateTimeOffset.UtcNow) });
        foreach (var (name, value) in Quiet)
        {
            session.Variables[name] = value;
        }

        // Under a name that no list has.
        session.Variables["THE_SAME_KEY"] = RunSession.Real + "-openai";
        session.Variables["PATH"] = string.Join(Path.PathSeparator, Folders(session), Environment.GetEnvironmentVariable("PATH"));
        session.Write(".config/opencode/opencode.json", """{"permission":"allow","autoupdate":false,"share":"disabled"}""");
        return session;
    }

    /// <summary>
    /// For the path: a Node.js that is new enough, the commands of the packages, and before them the two programs that are native, as
    /// their packages' scripts have not run.
    /// </summary>
    private static string Folders(RunSession session)
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
