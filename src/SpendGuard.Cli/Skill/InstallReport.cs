using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Skill;

internal sealed class InstallReport(IReadOnlyList<string> folders, int files) : IReport
{
    public JsonNode Json => new JsonObject
    {
        ["files"] = files,
        ["installed"] = new JsonArray([.. folders.Select(folder => (JsonNode)folder)]),
    };

    public IEnumerable<string> Lines => folders.Select(folder => Line.Of("installed", folder));

    public IRenderable Picture => new Rows(folders.Select(folder => Markup.FromInterpolated($"[green]Installed[/] {files} files in [bold]{folder}[/]")));
}
