using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Limits;

/// <summary>The breaker of identical calls, as it was set or removed.</summary>
/// <param name="node">Whose it is.</param>
/// <param name="breaker">What it is from now on.</param>
/// <param name="wasSet">Whether there was one that was removed.</param>
internal sealed class BreakerReport(NodeName node, Answer<BreakerView> breaker, bool wasSet = true) : IReport
{
    public JsonNode Json => breaker.Json;

    public IEnumerable<string> Lines => [$"{(breaker.Body.IdenticalCalls is not null ? "set" : wasSet ? "removed" : "not set")} {Line.Of(node.Key, node.Id)} {Line.Of("identical_calls", breaker.Body.IdenticalCalls)}"];

    public IRenderable Picture => breaker.Body.IdenticalCalls is { } count
        ? Markup.FromInterpolated($"[green]Set[/]: {count} identical calls in a row of a run pause its agent, for [bold]{node.Id}[/].")
        : !wasSet ? Markup.FromInterpolated($"[bold]{node.Id}[/] had [yellow]no breaker[/] of identical calls, and nothing has changed.")
        : Markup.FromInterpolated($"[yellow]Removed[/] the breaker of identical calls of [bold]{node.Id}[/].");
}
