using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests;

/// <summary>A sidecar as the command line sees it, and what agents do there meanwhile.</summary>
internal static class RunningSidecar
{
    private static readonly ProviderPrice Grok = new("grok-4.6", 200, 600) { CachedInput = 50, MaxOutputTokens = 500_000 };

    public static Task<SidecarFixture> StartAsync(params (string Name, string? Value)[] settings) => SidecarFixture.StartAsync([Grok], settings);

    public static Task<SidecarFixture> StartAsync(TimeProvider time, params (string Name, string? Value)[] settings) =>
        SidecarFixture.StartAsync(time, [Grok], settings);

    /// <summary>A command line that talks to it.</summary>
    public static Cli Cli(this SidecarFixture sidecar, bool terminal = false) =>
        new() { IsTerminal = terminal, Variables = { ["CAP_BASE_URL"] = sidecar.Address } };

    public static async Task<string> NamedAgentAsync(this SidecarFixture sidecar, string name = "researcher") =>
        (await sidecar.Cli().RunAsync($"agent create --name {name}")).Value("agent_id");

    public static async Task<string> AgentWithBudgetAsync(this SidecarFixture sidecar, long cents = 500, string name = "researcher")
    {
        var agent = await sidecar.NamedAgentAsync(name);
        (await sidecar.Cli().RunAsync($"budget set --agent {agent} --limit {cents}")).Succeeded();
        return agent;
    }

    /// <summary>A call of an agent in a run, its answer read to the end.</summary>
    public static async Task<int> CallInRunAsync(this SidecarFixture sidecar, string agent, string path, string json) =>
        (await sidecar.AskAsync(path, agent, json, ("x-cynsta-run-id", "run-1"))).Status;

    public static Task<int> ChatAsync(this SidecarFixture sidecar, string agent, int maxTokens = 10) => sidecar.CallInRunAsync(
        agent,
        "/v1/chat/completions",
        $$"""{"model":"gpt-4o-mini","max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"Hello"}]}""");
}
