using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Keys;

internal sealed class AgentKeyCreatedReport(Answer<AgentKeyView> created, string baseUrl) : IReport
{
    public JsonNode Json => created.Json;

    public IEnumerable<string> Lines => [Line.Of("key_id", created.Body.KeyId), Line.Of("api_key", created.Body.ApiKey)];

    public IRenderable Picture => new Rows(
        Markup.FromInterpolated($"[green]Created[/] key [bold]{created.Body.KeyId}[/] of agent [bold]{created.Body.AgentId}[/]"),
        Markup.FromInterpolated($"[bold]{created.Body.ApiKey}[/]"),
        Markup.FromInterpolated($"[grey]It is not kept and cannot be shown again. Your client needs nothing else: base URL {baseUrl}/v1 and this key.[/]"));
}

internal sealed class AgentKeyReport(Answer<AgentKeyView> key) : IReport
{
    public JsonNode Json => key.Json;

    public IEnumerable<string> Lines => [AgentKeyTable.Line(key.Body)];

    public IRenderable Picture => AgentKeyTable.Of([key.Body]);
}

internal sealed class AgentKeyListReport(Answer<AgentKeyListView> keys, string agent) : IReport
{
    public JsonNode Json => keys.Json;

    public IEnumerable<string> Lines => keys.Body.Keys.Count == 0 ? ["(no keys)"] : keys.Body.Keys.Select(AgentKeyTable.Line);

    public IRenderable Picture => keys.Body.Keys.Count == 0
        ? new Unbroken("The agent has no keys. Create one: ", $"spendguard key create --agent {agent}")
        : AgentKeyTable.Of(keys.Body.Keys);
}

internal static class AgentKeyTable
{
    public static string Line(AgentKeyView key) => string.Join(
        ' ',
        Output.Line.Of("key_id", key.KeyId),
        Output.Line.Of("agent_id", key.AgentId),
        Output.Line.Of("name", key.Name),
        Output.Line.Of("created_at", key.CreatedAt),
        Output.Line.Of("revoked_at", key.RevokedAt));

    private static readonly IReadOnlyList<FittedColumn<AgentKeyView>> Columns =
    [
        new("key", key => key.KeyId),
        new("agent", key => key.AgentId, Rank: 2),
        new("name", key => key.Name ?? "", Rank: 1, IsCut: true),
        new("created", key => key.CreatedAt ?? "", Rank: 3),
        new("revoked", key => key.RevokedAt ?? ""),
    ];

    public static IRenderable Of(IEnumerable<AgentKeyView> keys) => new FittedTable<AgentKeyView>([.. keys], Columns);
}
