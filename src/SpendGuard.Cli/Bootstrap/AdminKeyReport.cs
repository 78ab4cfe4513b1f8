using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Bootstrap;

/// <summary>The key that agents and budgets are set with from now on, which is told this once.</summary>
internal sealed class AdminKeyReport(string key) : IReport
{
    public JsonNode Json => new JsonObject { ["admin_key"] = key };

    public IEnumerable<string> Lines => [Line.Of("admin_key", key)];

    public IRenderable Picture => new Rows(
        new Markup("[yellow]Your key to agents and budgets, shown this once. Keep it from your agents:[/]"),
        new Unbroken("                ", $"export CAP_API_KEY={key}"));
}
