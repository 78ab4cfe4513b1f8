using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;
using SpendGuard.Cli.Output;
using Spectre.Console;

namespace SpendGuard.Cli.Budgets;

/// <summary><c>spendguard budget watch</c>: every budget as a bar that moves; where no bar can, a line for each change.</summary>
internal sealed class WatchCommand
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public WatchCommand(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        var interval = Interval();
        Command = new Command("watch", "Watch all budgets until Ctrl+C.") { interval };
        Command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            try
            {
                await WatchAsync(sidecar, TimeSpan.FromSeconds(parsed.GetValue(interval)), _connection.IsJson(parsed), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // How a watch ends.
            }
        });
    }

    public Command Command { get; }

    private static Option<double> Interval() =>
        new Option<double>("--interval") { Description = "Seconds between two looks", HelpName = "seconds", DefaultValueFactory = static _ => 1 }
            .Between(0.1, 3600, "seconds between 0.1 and 3600");

    private Task WatchAsync(SidecarClient sidecar, TimeSpan interval, bool json, CancellationToken stop) => _shell.IsTerminal && !json
        ? DrawAsync(sidecar, interval, stop)
        : WriteChangesAsync(sidecar, interval, json, stop);

    private async Task DrawAsync(SidecarClient sidecar, TimeSpan interval, CancellationToken stop)
    {
        var first = BudgetTable.Of(await WatchedAgent.ReadAllAsync(sidecar, stop), sidecar.Address);
        await _shell.Console.Live(first).StartAsync(async live =>
        {
            live.Refresh();
            while (true)
            {
                await Task.Delay(interval, _shell.Time, stop);
                live.UpdateTarget(BudgetTable.Of(await WatchedAgent.ReadAllAsync(sidecar, stop), sidecar.Address));
            }
        });
    }

    private async Task WriteChangesAsync(SidecarClient sidecar, TimeSpan interval, bool json, CancellationToken stop)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            foreach (var agent in await WatchedAgent.ReadAllAsync(sidecar, stop))
            {
                var line = json ? agent.Json.ToJsonString() : agent.Line;
                if (told.GetValueOrDefault(agent.Agent.AgentId) != line)
                {
                    told[agent.Agent.AgentId] = line;
                    await _shell.Output.WriteLineAsync(line);
                    await _shell.Output.FlushAsync(stop);
                }
            }

            await Task.Delay(interval, _shell.Time, stop);
        }
    }
}
