using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Ledger;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Alerts;

/// <summary><c>spendguard alerts …</c>.</summary>
internal sealed class AlertCommands
{
    private readonly ConnectionOptions _connection;

    public AlertCommands(ConnectionOptions connection)
    {
        _connection = connection;
        Command = new Command("alerts", "Alerts that were raised, and who has them: list them, and deliver them once more.") { List(), Replay() };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command List()
    {
        var node = new Option<string?>("--node") { Description = "Only of this agent or group", HelpName = "id" };
        var before = new Option<long?>("--before") { Description = "Sequence of the last alert that is known already", HelpName = "sequence" }.Whole();
        var limit = new Option<int>("--limit") { Description = "Most alerts to list", HelpName = "alerts", DefaultValueFactory = static _ => 50 }.Whole(of: "alerts");
        var command = new Command("list", "List alerts, newest first.") { node, before, limit };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            _connection.Writer(parsed).Write(new AlertListReport(
                await sidecar.ListAlertsAsync(parsed.GetValue(before), parsed.GetValue(node), parsed.GetValue(limit), stop)));
        });
        return command;
    }

    private Command Replay()
    {
        var id = new Argument<string?>("id") { Description = "Id of the alert", Arity = ArgumentArity.ZeroOrOne };
        var since = WindowOptions.Time("--since", "All alerts from this time on, such as 2026-11-01 or 2026-11-01T12:00:00Z");
        var command = new Command("replay", "Deliver alerts once more, to everybody whom alerts are delivered to now. They keep their ids.") { id, since };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetResult(since) is null)
            {
                result.AddError("Give the id of an alert, or --since with a time.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var replayed = parsed.GetValue(id) is { } alert
                ? await sidecar.ReplayAlertAsync(alert, stop)
                : await sidecar.ReplayAlertsAsync(parsed.GetValue(since)!.Value, stop);
            _connection.Writer(parsed).Write(new AlertsReplayedReport(replayed));
        });
        return command;
    }
}
