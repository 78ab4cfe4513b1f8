using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;

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
            var said = parsed.GetRequiredValue(node);
            var found = await NodeReader.FindAsync(sidecar, said, stop);
            connection.Writer(parsed).Write(new PausedReport(found, said, await sidecar.PauseAsync(found, parsed.GetValue(reason), stop)));
        });
        return command;
    }

    public static Command Resume(Shell shell, ConnectionOptions connection)
    {
        var node = NodeArgument.Node(connection);
        var command = new Command("resume", "Let an agent or a group that was paused go on.") { node };
        connection.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            var resumed = await sidecar.ResumeAsync(found, stop);
            var full = found.Paused?.By == "breaker" ? await FullAsync(sidecar, found, stop) : [];
            connection.Writer(parsed).Write(new ResumedReport(found, full, resumed, shell.Time.GetUtcNow()));
        });
        return command;
    }

    /// <summary>The node's breakers of which something is spent: the next call that does not fit what is left trips one again.</summary>
    private static async Task<IReadOnlyList<LimitView>> FullAsync(SidecarClient sidecar, NodeName node, CancellationToken stop) =>
        [.. (await sidecar.ListLimitsAsync(node, stop)).Body.Limits.Where(limit => limit.Action == "pause" && (limit.SpentCents > 0 || limit.LeftCents <= 0))];
}
