using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>A team as a sidecar has it, and what its agents do.</summary>
internal static class Team
{
    public const string Chat = "/v1/chat/completions";

    /// <summary>Creates a group, or brings it in line.</summary>
    public static async Task GroupAsync(this SidecarFixture sidecar, string group, string json = "{}") =>
        Assert.Equal(200, (await sidecar.SendAsync(HttpMethod.Put, $"/v1/groups/{group}", json)).Status);

    /// <summary>An agent under a group, without a budget of its own.</summary>
    public static async Task<string> MemberAsync(this SidecarFixture sidecar, string agent, string group)
    {
        var made = await sidecar.AskAsync("/v1/agents", agent: null, $$"""{"agent_id":"{{agent}}","under":"{{group}}"}""");
        Assert.True(made.Status == 200, made.Text);
        return agent;
    }

    /// <summary>Sets a limit of <c>groups/…</c> or <c>agents/…</c>.</summary>
    public static async Task<JsonNode> LimitAsync(this SidecarFixture sidecar, string node, string window, string json)
    {
        var set = await sidecar.SendAsync(HttpMethod.Put, $"/v1/{node}/limits/{window}", json);
        Assert.True(set.Status == 200, set.Text);
        return set.Body;
    }

    /// <summary>One limit as it is listed.</summary>
    public static async Task<JsonNode> ShownAsync(this SidecarFixture sidecar, string node, string window) =>
        (await sidecar.GetAsync($"/v1/{node}/limits")).Body["limits"]!.AsArray().Single(limit => (string)limit!["window"]! == window)!;

    /// <summary>What is booked in a limit and not held any more.</summary>
    public static async Task<long> SpentAsync(this SidecarFixture sidecar, string node, string window)
    {
        var shown = await sidecar.ShownAsync(node, window);
        Assert.Equal(0, (long)shown["held_microcents"]!);
        return (long)shown["spent_microcents"]!;
    }

    /// <summary>A call of so much output at most.</summary>
    public static Task<Reply> ChatAsync(this SidecarFixture sidecar, string agent, int maxTokens = 100, params (string Name, string Value)[] headers) => sidecar.AskAsync(
        Chat, agent, $$"""{"model":"gpt-4o-mini","max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"hello"}]}""", headers);
}
