using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Pauses;

/// <summary><c>spendguard pause NODE</c> and <c>spendguard resume NODE</c>.</summary>
internal static class PauseCommands
{
    public static Command Pause(ConnectionOptions connection)
    {
        var node = NodeArgument.Node(connection);
        var reason = new Option<string?>("--reason") { Description = "Why, for who is refused and for the ledger", HelpName = "text" };
        var command = new Command("pause", "Pause an agent, or a group and all below it: no call is made there until it is resumed.") { node, reason };
        connection.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            connection.Writer(parsed).Write(new Report(found, "paused", await sidecar.PauseAsync(found, parsed.GetValue(reason), stop)));
        });
        return command;
    }

    public static Command Resume(ConnectionOptions connection)
    {
        var node = NodeArgument.Node(connection);
        var command = new Command("resume", "Let an agent or a group that was paused go on.") { node };
        connection.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            connection.Writer(parsed).Write(new Report(found, "resumed", await sidecar.ResumeAsync(found, stop)));
        });
        return command;
    }

    private sealed class Report(NodeName node, string what, Answer<JsonElement> answer) : IReport
    {
        public JsonNode Json => answer.Json;

        public IEnumerable<string> Lines => [$"{what} {Line.Of(node.Key, node.Id)}"];

        public IRenderable Picture => what == "paused"
            ? new Rows(
                Markup.FromInterpolated($"[red]Paused[/] {(node.IsAgent ? "agent" : "group")} [bold]{node.Id}[/]: no call is made there."),
                Markup.FromInterpolated($"[grey]Let it go on:[/] spendguard resume {node.Id}"))
            : Markup.FromInterpolated($"[green]Resumed[/] {(node.IsAgent ? "agent" : "group")} [bold]{node.Id}[/].");
    }
}
