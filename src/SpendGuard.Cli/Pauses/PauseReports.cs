using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Pauses;

/// <summary>A node that is paused from now on, or was so already.</summary>
/// <param name="node">The node, as it was before.</param>
/// <param name="said">What it was called by.</param>
/// <param name="answer">What the sidecar answered.</param>
internal sealed class PausedReport(NodeName node, string said, Answer<JsonElement> answer) : IReport
{
    public JsonNode Json => answer.Json;

    public IEnumerable<string> Lines => node.Paused is not { } before
        ? [$"paused {Line.Of(node.Key, node.Id)}"]
        : [$"paused already {Line.Of(node.Key, node.Id)} {Line.Of("by", before.By)} {Line.Of("at", Moment.Of(before.At))} {Line.Of("reason", before.Reason)}"];

    public IRenderable Picture => new Rows(
        node.Paused is not { } before
            ? Markup.FromInterpolated($"[red]Paused[/] {node.Kind} [bold]{node.InFull}[/]: no call is made there.")
            : Markup.FromInterpolated($"{node.Kind} [bold]{node.InFull}[/] was [red]paused already[/]{By(before)} at {Moment.Of(before.At)}{Why(before)}. It stays so, and as it was said then."),
        new Unbroken("Let it go on: ", $"spendguard resume {(said.All(IsPlain) ? said : node.Id)}"));

    /// <summary>Whether every shell takes it as it is.</summary>
    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static string By(PauseView pause) => pause.By is null ? "" : $" by {pause.By}";

    private static string Why(PauseView pause) => pause.Reason is null ? "" : $": {pause.Reason.TrimEnd('.')}";
}

/// <summary>A node that goes on, or was not paused.</summary>
/// <param name="node">The node, as it was before.</param>
/// <param name="full">Its breakers of which something is spent: a call that does not fit what is left trips one again.</param>
/// <param name="answer">What the sidecar answered.</param>
/// <param name="now">The time.</param>
internal sealed class ResumedReport(NodeName node, IReadOnlyList<LimitView> full, Answer<JsonElement> answer, DateTimeOffset now) : IReport
{
    public JsonNode Json => answer.Json;

    public IEnumerable<string> Lines => node.Paused is null
        ? [$"not paused {Line.Of(node.Key, node.Id)}"]
        : [
            $"resumed {Line.Of(node.Key, node.Id)}",
            .. full.SelectMany(limit => new[] { $"breaker {LimitLines.Of(limit)}", Line.Of("raise", Raise(limit)) }),
        ];

    public IRenderable Picture => node.Paused is null
        ? Markup.FromInterpolated($"{node.Kind} [bold]{node.InFull}[/] was [yellow]not paused[/], and nothing has changed.")
        : new Rows([
            Markup.FromInterpolated($"[green]Resumed[/] {node.Kind} [bold]{node.InFull}[/]."),
            .. full.SelectMany(limit => new IRenderable[]
            {
                Markup.FromInterpolated(
                    $"[yellow]Its limit of {LimitTable.Window(limit)} has {Budgets.Figures.Of(limit).Left} left of {LimitTable.Amount(limit)}{Until(limit)}: a call that needs more pauses it again.[/]"),
                new Unbroken("Raise it: ", Raise(limit)),
            }),
        ]);

    private string Raise(LimitView limit) => RaiseCommand.Of(node.Id, node.IsAgent, limit);

    private string Until(LimitView limit) => limit.ResetsAt is { } at ? $", and all of it at {Moment.Of(at)} ({LimitTable.Resets(limit, now)}) if nothing more is spent" : "";
}
