using System.Globalization;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Keys;

internal sealed class KeyCreatedReport(NewApiKey request, ApiKeySecret secret) : IReport
{
    public JsonNode Json => new JsonObject
    {
        ["key_id"] = secret.Id,
        ["api_key"] = secret.Reveal(),
        ["organization"] = request.Organization,
        ["scopes"] = new JsonArray([.. KeyScope.Names(request.Scopes).Select(scope => (JsonNode)scope)]),
        ["agent_id"] = request.Agent?.Value,
        ["name"] = request.Name,
    };

    public IEnumerable<string> Lines => [Line.Of("key_id", secret.Id), Line.Of("api_key", secret.Reveal())];

    public IRenderable Picture => new Rows(
        Markup.FromInterpolated($"[green]Created[/] key [bold]{secret.Id}[/] of {request.Organization}"),
        Markup.FromInterpolated($"[bold]{secret.Reveal()}[/]"),
        Markup.FromInterpolated($"[grey]It is not kept and cannot be shown again. Send it as x-api-key or Authorization: Bearer.[/]"));
}

internal sealed class KeyReport(ApiKey key) : IReport
{
    public JsonNode Json => KeyView.Json(key);

    public IEnumerable<string> Lines => [KeyView.Line(key)];

    public IRenderable Picture => KeyView.Table([key]);
}

internal sealed class KeyListReport(IReadOnlyList<ApiKey> keys) : IReport
{
    public JsonNode Json => new JsonObject { ["keys"] = new JsonArray([.. keys.Select(KeyView.Json)]) };

    public IEnumerable<string> Lines => keys.Count == 0 ? ["(no keys)"] : keys.Select(KeyView.Line);

    public IRenderable Picture => keys.Count == 0
        ? new Unbroken("There are no keys. Create one: ", "spendguard key create --organization acme --scope cap:use cap:admin")
        : KeyView.Table(keys);
}

internal static class KeyView
{
    public static JsonNode Json(ApiKey key) => new JsonObject
    {
        ["key_id"] = key.Id,
        ["organization"] = key.Organization,
        ["scopes"] = new JsonArray([.. KeyScope.Names(key.Scopes).Select(scope => (JsonNode)scope)]),
        ["agent_id"] = key.Agent?.Value,
        ["name"] = key.Name,
        ["created_at"] = Time(key.CreatedAt),
        ["revoked_at"] = Time(key.RevokedAt),
    };

    public static string Line(ApiKey key) => string.Join(
        ' ',
        Output.Line.Of("key_id", key.Id),
        Output.Line.Of("organization", key.Organization),
        Output.Line.Of("scopes", string.Join(',', KeyScope.Names(key.Scopes))),
        Output.Line.Of("agent_id", key.Agent?.Value),
        Output.Line.Of("name", key.Name),
        Output.Line.Of("created_at", Time(key.CreatedAt)),
        Output.Line.Of("revoked_at", Time(key.RevokedAt)));

    private static readonly IReadOnlyList<FittedColumn<ApiKey>> Columns =
    [
        new("key", key => key.Id),
        new("organization", key => key.Organization, IsCut: true),
        new("scopes", key => string.Join(", ", KeyScope.Names(key.Scopes))),
        new("agent", key => key.Agent?.Value ?? "", Rank: 2),
        new("name", key => key.Name ?? "", Rank: 1, IsCut: true),
        new("created", key => Time(key.CreatedAt) ?? "", Rank: 3),
        new("revoked", key => Time(key.RevokedAt) ?? ""),
    ];

    public static IRenderable Table(IEnumerable<ApiKey> keys) => new FittedTable<ApiKey>([.. keys], Columns);

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
